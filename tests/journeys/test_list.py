"""What an accountant does with the list of purchases, in a real browser."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from achats.documents.rendering import render
from achats.models import PurchaseInvoice
from banking.models import Match, MatchState
from firms.models import Company, User
from ledger.models import FiscalYear
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import DocumentFactory, pdf
from tests.factories.banking import BankAccountFactory
from tests.journeys.conftest import sign_in
from tests.journeys.test_purchases import an_invoice, list_of

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = "60630000"


@pytest.fixture
def three(company: Company) -> list[PurchaseInvoice]:
    return [an_invoice(company, name, account=None, gross_amount=Decimal("10.10"), vat_amount=None) for name in "ABC"]


def accounts(rows: list[PurchaseInvoice]) -> list[str]:
    return [row.lines.get().account.code if row.lines.get().account else "" for row in rows]


def test_by_keys_one_ticks_three_changes_their_account_and_takes_it_back(
    signed_in: Page, live_server, company: Company, three: list[PurchaseInvoice], assert_accessible: Callable[[], None]
):
    signed_in.goto(list_of(live_server, company, "?tri=fournisseur"))
    for key in ("j", "x", "Shift+J", "Shift+J"):
        signed_in.keyboard.press(key)
    bar = signed_in.get_by_role("form", name="Sélection")
    expect(bar).to_contain_text("3\u00a0sélectionnées")
    expect(bar).to_contain_text("30,30\u00a0€")
    assert_accessible()
    signed_in.keyboard.press("c")
    field = signed_in.get_by_label("Compte de toutes les lignes")
    expect(field).to_be_focused()
    choices = signed_in.get_by_role("listbox", name="Comptes")
    expect(choices).to_contain_text("60100000")
    field.fill("petit")
    expect(choices.get_by_role("option")).to_have_count(1)
    assert_accessible()
    signed_in.keyboard.press("Enter")
    expect(field).to_have_value("60630000 Fournitures d’entretien et de petit équipement")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("status")).to_contain_text(f"3\u00a0factures\u00a0: compte {SMALL}")
    expect(signed_in.locator("tr[data-row]", has_text=SMALL)).to_have_count(3)
    assert accounts(three) == [SMALL] * 3
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("z")
    expect(signed_in.get_by_role("status")).to_contain_text("Annulé\u00a0: 3\u00a0factures")
    expect(signed_in.locator("tr[data-row]", has_text=SMALL)).to_have_count(0)
    assert accounts(three) == [""] * 3


def test_the_account_is_changed_in_its_row_and_the_row_keeps_its_place_and_the_focus(
    signed_in: Page, live_server, company: Company, three: list[PurchaseInvoice], assert_accessible: Callable[[], None]
):
    signed_in.goto(list_of(live_server, company, "?onglet=pas-pret&tri=fournisseur"))
    for key in ("j", "j", "c"):
        signed_in.keyboard.press(key)
    field = signed_in.get_by_label("Compte de B")
    expect(field).to_be_focused()
    assert_accessible()
    signed_in.keyboard.press("Escape")
    expect(signed_in.get_by_role("link", name="B", exact=True)).to_be_focused()
    signed_in.keyboard.press("c")
    field.fill("6063")
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("tr[data-row]").nth(1)).to_contain_text(SMALL)
    expect(signed_in.get_by_role("link", name="B", exact=True)).to_be_focused()
    expect(signed_in.get_by_role("navigation", name="Onglets des achats")).to_contain_text("Pas prêt 2")
    assert accounts(three) == ["", SMALL, ""]
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("c")
    choices = signed_in.get_by_role("listbox", name="Comptes")
    expect(choices).to_contain_text("60100000")
    signed_in.keyboard.type("récep")
    expect(choices).to_contain_text("62570000 Réceptions")
    expect(choices).not_to_contain_text("60100000")
    assert_accessible()
    signed_in.keyboard.press("Enter")  # takes what answers and changes the row at once
    expect(signed_in.locator("tr[data-row]").nth(2).get_by_role("link", name="62570000 Réceptions")).to_be_visible()
    assert accounts(three) == ["", SMALL, "62570000"]
    signed_in.get_by_role("button", name="Pas prêt").first.click()
    signed_in.get_by_role("link", name="Choisir le compte").first.click()
    expect(signed_in.get_by_label("Compte de A")).to_be_focused()
    signed_in.get_by_role("searchbox", name="Rechercher").press("Control+a")
    expect(signed_in.locator("[data-tick]:checked")).to_have_count(0)
    signed_in.get_by_role("link", name="C", exact=True).press("Control+a")
    expect(signed_in.locator("[data-tick]:checked")).to_have_count(3)


def test_a_click_with_shift_ticks_what_is_between_and_the_whole_of_the_filter_is_offered(
    signed_in: Page, live_server, company: Company
):
    for number in range(53):
        an_invoice(company, f"F{number:02}", account=None)
    signed_in.goto(list_of(live_server, company, "?tri=fournisseur"))
    signed_in.get_by_label(re.compile("Sélectionner F01,")).check()
    signed_in.get_by_label(re.compile("Sélectionner F04,")).click(modifiers=["Shift"])
    expect(signed_in.get_by_role("form", name="Sélection")).to_contain_text("4\u00a0sélectionnées")
    signed_in.get_by_label("Sélectionner les factures de la page").check()
    offer = signed_in.get_by_role("button", name="Les 50 de la page sont sélectionnées. Sélectionner les 53 du filtre")
    offer.click()
    expect(signed_in.get_by_role("form", name="Sélection")).to_contain_text("53\u00a0sélectionnées")
    signed_in.get_by_role("button", name="Compte C").click()
    signed_in.get_by_label("Compte de toutes les lignes").fill("6063")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("status")).to_contain_text("53\u00a0factures")
    assert PurchaseInvoice.objects.filter(sort_account=SMALL).count() == 53


def test_what_is_typed_before_the_accounts_unfold_is_kept(signed_in: Page, live_server, company: Company):
    an_invoice(company, "Orange", account=None)
    signed_in.route(re.compile(r"/achats/comptes/.*&q=$"), lambda route: route.fulfill(body=""))
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_label(re.compile("Sélectionner Orange,")).check()
    signed_in.get_by_role("button", name="Compte C").click()
    field = signed_in.get_by_label("Compte de toutes les lignes")
    field.fill("6063")
    expect(signed_in.get_by_role("listbox", name="Comptes")).to_be_visible()
    expect(field).to_have_value("6063")


def test_more_than_one_waits_for_are_changed_by_the_worker_and_taken_back(
    signed_in: Page, live_server, company: Company, celery_worker_process, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("achats.views.selection.AT_MOST", 50)
    for number in range(53):
        an_invoice(company, f"F{number:02}", account=None)
    signed_in.goto(list_of(live_server, company, "?tri=fournisseur"))
    signed_in.get_by_label("Sélectionner les factures de la page").check()
    signed_in.get_by_role("button", name="Sélectionner les 53 du filtre").click()
    expect(signed_in.get_by_role("form", name="Sélection")).to_contain_text("53\u00a0sélectionnées")
    signed_in.get_by_role("button", name="Compte C").click()
    signed_in.get_by_label("Compte de toutes les lignes").fill("6063")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_text(f"53\u00a0factures\u00a0: compte {SMALL}")).to_be_visible()
    assert PurchaseInvoice.objects.filter(sort_account=SMALL).count() == 53
    signed_in.reload()
    undo = signed_in.get_by_role("button", name="Annuler Z")
    undo.click()
    expect(signed_in.get_by_text("Annulé\u00a0: 53\u00a0factures")).to_be_visible()
    assert not PurchaseInvoice.objects.filter(sort_account=SMALL).exists()


def test_a_view_is_kept_and_the_filtered_list_is_exported(
    signed_in: Page, live_server, company: Company, three: list[PurchaseInvoice], assert_accessible: Callable[[], None]
):
    an_invoice(company, "Orange")
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_role("searchbox", name="Rechercher").fill("orange")
    expect(signed_in.locator("tr[data-row]")).to_have_count(1)
    signed_in.get_by_text("Mes vues").click()
    signed_in.get_by_label("Nom de la nouvelle vue").fill("Télécom")
    assert_accessible()
    signed_in.get_by_role("button", name="Enregistrer ces filtres").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Télécom")
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_text("Mes vues").click()
    signed_in.get_by_role("link", name="Télécom").click()
    expect(signed_in.locator("tr[data-row]")).to_have_count(1)
    signed_in.get_by_role("button", name="Exporter").click()
    with signed_in.expect_download() as coming:
        signed_in.get_by_role("link", name="CSV").click()
    lines = coming.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Orange" in lines[1]


def test_pas_pret_says_why_under_the_pointer_with_the_focus_and_on_a_press(
    signed_in: Page, live_server, company: Company, three: list[PurchaseInvoice]
):
    signed_in.goto(list_of(live_server, company, "?tri=fournisseur"))
    reasons = signed_in.get_by_text("Il manque le compte de charge.").first
    badge = signed_in.get_by_role("button", name="Pas prêt").first
    badge.hover()
    expect(reasons).to_be_visible()
    signed_in.get_by_role("heading", level=1).hover()
    expect(reasons).to_be_hidden()
    badge.click()
    signed_in.get_by_role("heading", level=1).hover()
    expect(reasons).to_be_visible()


def test_the_document_stands_beside_the_list_and_follows_the_line(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    for name in ("A", "B"):
        document = DocumentFactory.create(company=company, data=pdf(), filename=f"{name}.pdf")
        render(document_id=document.pk, at=timezone.now())
        an_invoice(company, name, documents=[document])
    signed_in.goto(list_of(live_server, company, "?tri=fournisseur"))
    panel = signed_in.get_by_role("complementary", name="Pièce à côté de la liste")
    for key in ("j", "v"):
        signed_in.keyboard.press(key)
    expect(panel.get_by_role("img", name="Page 1 sur 1 de A.pdf")).to_be_visible()
    assert_accessible()
    signed_in.keyboard.press("j")
    expect(panel.get_by_role("img", name="Page 1 sur 1 de B.pdf")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(signed_in.get_by_role("link", name="B", exact=True)).to_be_focused()
    signed_in.keyboard.press("v")
    expect(panel).to_be_visible()
    signed_in.keyboard.press("v")
    expect(panel).to_be_hidden()
    signed_in.keyboard.press("?")
    card = signed_in.get_by_role("dialog", name="Raccourcis")
    for words in ("Pièce à côté de la liste", "Rapprochement de la ligne", "Compte de la ligne", "Publier"):
        expect(card.get_by_text(words, exact=True)).to_be_visible()


def test_a_suggestion_is_confirmed_under_its_line(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    account = BankAccountFactory.create(company=company)
    for number in ("A-1", "A-2"):
        an_invoice(company, "Fournitures du Nord", reference=number)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    signed_in.goto(list_of(live_server, company))
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("m")
    panel = signed_in.locator("tr[data-under]")
    expect(panel.get_by_role("heading", name="Règlement")).to_be_visible()
    assert_accessible()
    signed_in.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    signed_in.keyboard.press("m")
    expect(panel.get_by_role("button", name="Confirmer M")).to_be_visible()
    signed_in.keyboard.press("m")
    expect(signed_in.locator("tr[data-row]").first).to_contain_text("Rapproché")
    expect(panel).to_have_count(0)
    expect(signed_in.locator("tr[data-row]").first.locator("[data-row-link]")).to_be_focused()
    assert Match.objects.filter(state=MatchState.CONFIRMED).count() == 1


def test_a_tap_says_why_on_a_phone(
    browser: Browser, live_server, client, company: Company, person: User, three: list[PurchaseInvoice]
):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(list_of(live_server, company, "?onglet=pas-pret"))
    page.get_by_role("button", name="Pas prêt").first.tap()
    reasons = page.get_by_text("Il manque le compte de charge.").first
    expect(reasons).to_be_in_viewport(ratio=1)
    page.get_by_role("heading", level=1).tap()
    expect(reasons).to_be_hidden()
    context.close()


def test_the_list_is_read_sorted_and_changed_without_the_script(
    browser: Browser, live_server, client, company: Company, person: User, three: list[PurchaseInvoice]
):
    page = browser.new_page(java_script_enabled=False)
    sign_in(page, live_server.url, client, person)
    page.goto(list_of(live_server, company))
    page.get_by_role("link", name="FOURNISSEUR").click()
    page.get_by_label(re.compile("Sélectionner A,")).check()
    page.get_by_role("button", name="Compte C").click()
    page.get_by_label("Compte de toutes les lignes").fill("6063")
    page.get_by_role("button", name="Changer").first.click()
    expect(page.get_by_role("status")).to_contain_text("1\u00a0facture")
    assert accounts(three)[0] == SMALL
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (320, "dark"), (1366, "dark")])
def test_the_list_is_accessible_and_no_wider_than_the_window(
    signed_in: Page,
    live_server,
    company: Company,
    three: list[PurchaseInvoice],
    assert_accessible: Callable[[], None],
    width: int,
    scheme: Literal["light", "dark"],
):
    an_invoice(company, "Chambre de métiers et de l’artisanat de Paris", gross_amount=Decimal("1743.54"), note="Vu")
    signed_in.set_viewport_size({"width": width, "height": 700})
    signed_in.emulate_media(color_scheme=scheme)
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_label(re.compile("Sélectionner A,")).check()
    assert_accessible()
    assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
