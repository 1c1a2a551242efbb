"""What an accountant does with what Dext sent, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from firms.models import Company, User
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_replays_a_refusal_by_the_keyboard_once_the_account_is_active_again(
    signed_in: Page, live_server, company: Company, person: User, assert_accessible: Callable[[], None]
):
    accounts = company.accounts.filter(code="62570000")
    accounts.update(is_active=False)
    assert calling(person, company).publish(item()).status_code == 422
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/receptions/")
    assert_accessible()
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("Ce qui bloque encore")).to_be_visible()
    assert_accessible()
    accounts.update(is_active=True)
    signed_in.reload()
    expect(signed_in.get_by_text("Le compte 62570000 est de nouveau actif")).to_be_visible()
    signed_in.keyboard.press("y")
    expect(signed_in.get_by_role("status")).to_contain_text("Rejouée\u00a0: Starbucks")
    expect(signed_in.get_by_text("publiée depuis")).to_be_visible()
    assert company.purchase_invoices.count() == 1


def test_one_finds_an_invoice_in_the_wrong_company_and_moves_it(
    signed_in: Page, live_server, company: Company, person: User, assert_accessible: Callable[[], None]
):
    right = CompanyFactory.create(firm=company.firm, code="LIL", name="SCI des Lilas")
    calling(person, company).publish(item())
    signed_in.goto(f"{live_server.url}/dossiers/{right.pk}/receptions/?q=88213")
    expect(signed_in.get_by_role("heading", name="Dext n’a rien envoyé")).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("main").get_by_role("link", name="Où est ma facture ?").last.click()
    expect(signed_in.get_by_text("Elle y est «\u00a0Prêt\u00a0»")).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("link", name="Déplacer vers le bon dossier").click()
    signed_in.get_by_label("Dossier où la facture doit aller").select_option(label=str(right))
    signed_in.get_by_role("button", name="Voir ce qui changera").click()
    assert_accessible()
    signed_in.get_by_role("button", name="Déplacer vers SCI des Lilas").click()
    expect(signed_in.get_by_role("status")).to_contain_text("la facture est maintenant dans SCI des Lilas")
    assert_accessible()
    assert right.purchase_invoices.live().count() == 1
    assert company.purchase_invoices.live().count() == 0
