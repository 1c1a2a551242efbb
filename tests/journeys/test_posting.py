"""« Publier », from the list and from the page of a purchase, in a real browser."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from achats.models import PurchaseInvoice, Status
from firms.models import Company, User
from ledger.models import FiscalYear, JournalEntry
from tests.achats.posting_rows import a_line, a_receipt, moves
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISH = "Publier en comptabilité : écriture AC"


@pytest.fixture
def books(company: Company) -> Company:
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    return company


def status(invoice: PurchaseInvoice) -> str:
    invoice.refresh_from_db()
    return invoice.status


def list_of(live_server, company: Company) -> str:
    return live_server.url + reverse("achats:list", args=[company.pk])


def detail_of(live_server, invoice: PurchaseInvoice) -> str:
    return live_server.url + reverse("achats:detail", args=[invoice.company_id, invoice.pk])


def test_one_publishes_from_the_page_by_a_key_and_takes_it_back(
    signed_in: Page, live_server, books: Company, assert_accessible: Callable[[], None]
):
    invoice = a_receipt(books)
    signed_in.goto(detail_of(live_server, invoice))
    planned = signed_in.get_by_role("region", name="Écriture prévue AC au 19/08/2019")
    expect(planned.get_by_role("row", name="60630000")).to_contain_text("5,15")
    expect(planned.get_by_role("row", name="401FRANP")).to_contain_text("5,76")
    expect(signed_in.get_by_role("button", name=PUBLISH)).to_be_visible()
    assert_accessible()
    signed_in.keyboard.press("p")
    expect(signed_in.locator("#annonce")).to_contain_text("Écriture AC-000001 passée\u00a0: 5,76\u00a0€.")
    assert status(invoice) == Status.POSTED
    expect(signed_in.get_by_role("region", name="Écriture AC-000001")).to_contain_text("brouillard")
    assert_accessible()
    signed_in.keyboard.press("z")
    expect(signed_in.locator("#annonce")).to_contain_text("Publication annulée")
    assert status(invoice) == Status.READY
    assert not JournalEntry.objects.exists()


def test_one_after_the_other_is_published_by_the_same_key(
    signed_in: Page, live_server, books: Company, assert_accessible: Callable[[], None]
):
    first = a_receipt(books, name="Franprix", issued_on=date(2019, 8, 20))
    second = a_receipt(books, name="Orange", issued_on=date(2019, 8, 19))
    signed_in.goto(detail_of(live_server, first) + "?onglet=pret")
    signed_in.keyboard.press("p")
    expect(signed_in.locator("#annonce")).to_contain_text("Facture suivante\u00a0: Orange 19/08/2019.")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Orange")
    expect(signed_in.get_by_role("button", name=PUBLISH)).to_be_focused()
    assert_accessible()
    signed_in.keyboard.press("z")
    expect(signed_in.locator("#annonce")).to_contain_text("Publication annulée")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Franprix")
    signed_in.keyboard.press("p")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Orange")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#annonce")).to_contain_text("C’était la dernière à publier.")
    assert (status(first), status(second)) == (Status.POSTED, Status.POSTED)


def test_the_preview_lives_with_what_is_typed_and_what_is_seen_is_what_is_posted(
    signed_in: Page, live_server, books: Company
):
    invoice = a_receipt(books, a_line(books, "5.76", "0.61", code="TVA20"))
    invoice.lines.update(account=None)
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(status=Status.NOT_READY)
    signed_in.goto(detail_of(live_server, invoice))
    planned = signed_in.locator("#ecriture")
    expect(planned).to_contain_text("Il manque le compte de charge.")
    expect(signed_in.get_by_role("button", name=PUBLISH)).to_have_count(0)
    signed_in.get_by_label("Compte", exact=True).fill("récep")
    signed_in.get_by_label("Code TVA", exact=True).select_option(
        label="CARB80 · TVA 20 % sur carburant, déductible à 80 %"
    )
    expect(planned).not_to_contain_text("Il manque le compte de charge.")
    signed_in.get_by_label("Code TVA", exact=True).select_option(label="TVAMULTI · TVA déductible à plusieurs taux")
    expect(planned.get_by_role("row", name="62570000")).to_contain_text("5,15")
    signed_in.get_by_role("button", name=PUBLISH).click()
    expect(signed_in.locator("#annonce")).to_contain_text("Écriture AC-000001 passée")
    invoice.refresh_from_db()
    assert moves(invoice.entry)[0] == ("62570000", "", "5.15", "")


def test_the_list_is_published_by_keys_and_the_last_one_taken_back(
    signed_in: Page, live_server, books: Company, assert_accessible: Callable[[], None]
):
    first = a_receipt(books, name="Franprix", issued_on=date(2019, 8, 20))
    second = a_receipt(books, name="Orange", issued_on=date(2019, 8, 19))
    signed_in.goto(list_of(live_server, books))
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("p")
    under = signed_in.locator(f"#ecriture-{first.pk}")
    expect(under.get_by_role("button", name=PUBLISH)).to_be_focused()
    assert_accessible()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#derniere-action")).to_contain_text("Écriture AC-000001 passée\u00a0: 5,76\u00a0€.")
    expect(under).to_have_count(0)
    assert (status(first), status(second)) == (Status.POSTED, Status.READY)
    expect(signed_in.get_by_role("link", name="Orange", exact=True)).to_be_focused()
    assert_accessible()
    signed_in.keyboard.press("p")
    expect(signed_in.locator(f"#ecriture-{second.pk}")).to_contain_text("401ORANG")
    expect(signed_in.locator(f"#ecriture-{second.pk}").get_by_role("button", name=PUBLISH)).to_be_focused()
    signed_in.keyboard.press("p")
    expect(signed_in.locator("#derniere-action")).to_contain_text("Écriture AC-000002 passée")
    # htmx takes charge of what it brought a moment after it shows it.
    signed_in.wait_for_function("document.querySelector('#derniere-action form')['htmx-internal-data']")
    signed_in.keyboard.press("z")
    expect(signed_in.locator("#derniere-action")).to_contain_text("Publication annulée")
    assert (status(first), status(second)) == (Status.POSTED, Status.READY)
    expect(signed_in.locator(f"#statut-{second.pk}")).to_contain_text("Publier")


def test_an_entry_that_is_opened_is_closed_by_escape(signed_in: Page, live_server, books: Company):
    invoice = a_receipt(books)
    signed_in.goto(list_of(live_server, books))
    signed_in.get_by_role("link", name=PUBLISH).click()
    expect(signed_in.locator(f"#ecriture-{invoice.pk}")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(signed_in.locator(f"#ecriture-{invoice.pk}")).to_have_count(0)
    expect(signed_in.get_by_role("link", name="Franprix", exact=True)).to_be_focused()
    assert status(invoice) == Status.READY


def test_without_a_script_one_publishes_from_the_page(
    browser: Browser, live_server, books: Company, person: User, client: Client
):
    invoice = a_receipt(books)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(list_of(live_server, books))
    page.get_by_role("link", name=PUBLISH).click()
    page.get_by_role("button", name=PUBLISH).click()
    expect(page.get_by_text("Écriture AC-000001 passée")).to_be_visible()
    assert status(invoice) == Status.POSTED
    context.close()


@pytest.mark.usefixtures("celery_worker_process")
def test_without_a_script_what_is_ticked_is_published(
    browser: Browser, live_server, books: Company, person: User, client: Client
):
    rows = [a_receipt(books, reference=f"F-{rank}") for rank in range(3)]
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(list_of(live_server, books))
    for row in rows[:2]:
        page.locator(f"#f-{row.pk} [data-tick]").check()
    page.get_by_role("form", name="Sélection").get_by_role("button", name="Publier").click()
    page.get_by_role("button", name="Publier 2\u00a0factures").click()
    done = page.get_by_text("2\u00a0factures publiées, 11,52\u00a0€.")
    for _ in range(60):
        if done.count():
            break
        page.get_by_role("link", name="Actualiser", exact=True).click()
        page.wait_for_timeout(500)
    expect(done).to_be_visible()
    assert sorted(status(row) for row in rows) == [Status.POSTED, Status.POSTED, Status.READY]
    context.close()


@pytest.mark.usefixtures("celery_worker_process")
@pytest.mark.usefixtures("celery_worker_process")
def test_a_tab_is_published_at_once_and_taken_back(
    signed_in: Page, live_server, books: Company, assert_accessible: Callable[[], None]
):
    rows = [a_receipt(books, reference=f"F-{rank}") for rank in range(3)]
    signed_in.goto(list_of(live_server, books) + "?onglet=pret")
    signed_in.get_by_role("link", name="Publier tout l’onglet").click()
    expect(signed_in.get_by_role("button", name="Publier 3\u00a0factures")).to_be_focused()
    assert_accessible()
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text("3\u00a0factures publiées, 17,28\u00a0€.")).to_be_visible()
    assert_accessible()
    assert [status(row) for row in rows] == [Status.POSTED] * 3
    signed_in.keyboard.press("z")
    expect(signed_in.get_by_text("3\u00a0publications annulées.")).to_be_visible()
    assert [status(row) for row in rows] == [Status.READY] * 3


@pytest.mark.usefixtures("celery_worker_process")
def test_only_what_is_ticked_is_published(signed_in: Page, live_server, books: Company):
    rows = [a_receipt(books, reference=f"F-{rank}") for rank in range(3)]
    signed_in.goto(list_of(live_server, books))
    for row in rows[:2]:
        signed_in.locator(f"#f-{row.pk} [data-tick]").check()
    signed_in.get_by_role("form", name="Sélection").get_by_role("button", name="Publier").click()
    signed_in.get_by_role("button", name="Publier 2\u00a0factures").click()
    expect(signed_in.get_by_text("2\u00a0factures publiées, 11,52\u00a0€.")).to_be_visible()
    expect(signed_in.locator("tr[data-row]", has_text="Comptabilisé")).to_have_count(2)
    expect(signed_in.get_by_role("navigation", name="Onglets des achats")).to_contain_text("À publier 1")
    assert [status(row) for row in rows] == [Status.POSTED, Status.POSTED, Status.READY]
