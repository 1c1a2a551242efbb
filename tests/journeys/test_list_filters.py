"""The filters of the list of purchases, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from firms.models import Company
from tests.journeys.test_purchases import an_invoice, list_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_any_supplier_is_filtered_by_typing_and_so_is_the_start_of_an_account(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    company.suppliers.model.objects.bulk_create(
        company.suppliers.model(company=company, name=f"A{number:03}", folded_name=f"a{number:03}")
        for number in range(400)
    )
    for name in ("Zèbre", "Orange", "Oranaise"):
        an_invoice(company, name)
    rows = signed_in.locator("tr[data-row]")
    signed_in.goto(list_of(live_server, company))
    signed_in.keyboard.press("f")
    field = signed_in.get_by_role("combobox", name="Fournisseur")
    field.focus()
    choices = signed_in.get_by_role("listbox", name="Fournisseurs")
    expect(choices).to_contain_text("précisez")
    signed_in.keyboard.type("zeb")
    expect(choices.get_by_role("option")).to_have_count(1)
    assert_accessible()
    signed_in.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Zèbre")
    expect(signed_in.get_by_role("list", name="Filtres en vigueur")).to_contain_text("Fournisseur\u00a0: Zèbre")
    expect(signed_in.locator("summary", has_text="Filtres 1")).to_be_visible()
    assert "fournisseur=" in signed_in.url
    signed_in.reload()
    expect(rows).to_have_count(1)
    signed_in.keyboard.press("f")
    field.fill("ora")
    expect(choices.get_by_role("option")).to_have_count(2)
    signed_in.keyboard.press("Tab")  # none was taken: two answer, and one says which
    expect(signed_in.locator(".error-text")).to_contain_text("Lequel\u00a0?")
    signed_in.get_by_role("link", name="Oranaise", exact=True).first.click()
    expect(rows).to_have_count(1)
    signed_in.get_by_role("link", name="Fournisseur\u00a0: Oranaise").click()
    expect(rows).to_have_count(3)
    signed_in.keyboard.press("f")
    signed_in.get_by_role("combobox", name="Compte").fill("6063")
    signed_in.keyboard.press("Tab")
    expect(signed_in.get_by_role("heading", name="Aucune facture avec ces filtres")).to_be_visible()
