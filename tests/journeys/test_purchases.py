"""What an accountant does with purchases, in a real browser."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from achats.models import PurchaseInvoice, Settlement, Status
from banking.models import BankAccount
from firms.models import Company, User
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


def an_invoice(company: Company, name: str, **fields: object) -> PurchaseInvoice:
    return PurchaseInvoiceFactory.create(company=company, supplier_name=name, **fields)


def a_suggestion(account: BankAccount, name: str = "Franprix") -> PurchaseInvoice:
    invoice = an_invoice(account.company, name, gross_amount=Decimal("5.76"), vat_amount=Decimal("0.61"))
    a_line(account, amount=Decimal("-5.76"), label="CHEQUE 0012452")
    run(account)
    return invoice


def list_of(live_server, company: Company, query: str = "") -> str:
    return live_server.url + reverse("achats:list", args=[company.pk]) + query


def detail_of(live_server, invoice: PurchaseInvoice) -> str:
    return live_server.url + reverse("achats:detail", args=[invoice.company_id, invoice.pk])


def settlement(invoice: PurchaseInvoice) -> str:
    invoice.refresh_from_db()
    return invoice.settlement


def test_one_finds_an_invoice_confirms_its_suggestion_and_takes_it_back(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    invoice = a_suggestion(account)
    an_invoice(account.company, "Orange")
    signed_in.goto(list_of(live_server, account.company))
    assert_accessible()
    signed_in.get_by_role("searchbox", name="Rechercher").fill("5,76")
    expect(signed_in.locator("tr[data-row]")).to_have_count(1)
    expect(signed_in).to_have_url(list_of(live_server, account.company, "?q=5%2C76"))
    signed_in.get_by_role("link", name="1 suggestion").click()
    expect(signed_in.get_by_text("Montant identique au centime")).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("button", name="Confirmer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Rapproché\u00a0: Franprix")
    assert settlement(invoice) == Settlement.SETTLED
    expect(signed_in.get_by_role("link", name="Franprix", exact=True)).to_be_focused()
    signed_in.keyboard.press("m")
    signed_in.get_by_role("button", name="Défaire").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Défait")
    assert settlement(invoice) == Settlement.UNSETTLED
    expect(signed_in.get_by_role("searchbox", name="Rechercher")).to_have_value("5,76")
    expect(signed_in.get_by_role("link", name="Franprix", exact=True)).to_be_focused()


def test_the_back_button_finds_the_list_as_it_was_filtered(signed_in: Page, live_server, company: Company):
    an_invoice(company, "Franprix")
    an_invoice(company, "Orange")
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_role("searchbox", name="Rechercher").fill("orange")
    expect(signed_in.locator("tr[data-row]")).to_have_count(1)
    signed_in.get_by_role("link", name="Orange", exact=True).click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Orange")
    signed_in.go_back()
    expect(signed_in.locator("tr[data-row]")).to_have_count(1)
    expect(signed_in.get_by_role("searchbox", name="Rechercher")).to_have_value("orange")


def test_the_whole_is_done_by_keys(signed_in: Page, live_server, account: BankAccount):
    invoice = a_suggestion(account)
    an_invoice(account.company, "Orange", issued_on=date(2019, 9, 30))
    signed_in.goto(list_of(live_server, account.company))
    for key in ("j", "j"):
        signed_in.keyboard.press(key)
    expect(signed_in.get_by_role("link", name="Franprix", exact=True)).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Franprix")
    signed_in.keyboard.press("m")
    expect(signed_in.get_by_role("status")).to_contain_text("Rapproché")
    assert settlement(invoice) == Settlement.SETTLED
    signed_in.keyboard.press("k")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Orange")
    signed_in.keyboard.press("u")
    expect(signed_in.get_by_role("link", name="Orange", exact=True)).to_be_focused()


def test_single_keys_can_be_switched_off(signed_in: Page, live_server, company: Company):
    an_invoice(company, "Franprix")
    signed_in.goto(list_of(live_server, company))
    signed_in.get_by_role("button", name="Raccourcis").click()
    signed_in.get_by_role("button", name="Désactiver les raccourcis à une touche").click()
    signed_in.get_by_role("button", name="Fermer").click()
    signed_in.keyboard.press("/")
    expect(signed_in.get_by_role("searchbox", name="Rechercher")).not_to_be_focused()


def test_pas_pret_says_why_where_one_asks(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    an_invoice(company, "Franprix", account=None)
    signed_in.goto(list_of(live_server, company, "?onglet=pas-pret"))
    expect(signed_in.get_by_text("Il manque le compte de charge.")).to_be_hidden()
    signed_in.get_by_role("button", name="Pas prêt · Compte").click()
    expect(signed_in.get_by_text("Il manque le compte de charge.")).to_be_visible()
    assert_accessible()


def test_an_account_is_typed_and_the_invoice_becomes_ready(signed_in: Page, live_server, company: Company):
    invoice = an_invoice(company, "Franprix", account=None)
    signed_in.goto(detail_of(live_server, invoice))
    signed_in.get_by_label("Compte", exact=True).fill("récep")
    expect(signed_in.get_by_text("Modifié, non enregistré")).to_be_visible()
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_role("status")).to_contain_text("Enregistré")
    invoice.refresh_from_db()
    assert invoice.status == Status.READY


def test_a_session_that_ends_loses_nothing(signed_in: Page, live_server, account: BankAccount, person: User):
    person.set_password("une-phrase-de-passe")
    person.save()
    invoice = a_suggestion(account)
    sign_in(signed_in, live_server.url, Client(), person)
    signed_in.goto(detail_of(live_server, invoice))
    signed_in.get_by_role("textbox", name="Note").fill("à ne pas perdre")
    signed_in.context.clear_cookies(name="sessionid")
    signed_in.get_by_role("button", name="Confirmer").click()
    dialog = signed_in.get_by_role("dialog", name="Votre session est terminée")
    dialog.get_by_label("Adresse e-mail").fill(person.email)
    with signed_in.expect_response(lambda response: response.status == 401):
        signed_in.locator("#correction").dispatch_event("input")  # The preview asks too, and is refused too.
    dialog.get_by_label("Mot de passe").fill("une-phrase-de-passe")
    dialog.get_by_role("button", name="Se connecter").click()
    expect(signed_in.locator("#annonce")).to_contain_text("Vous êtes reconnecté.")
    signed_in.get_by_role("button", name="Confirmer").click()
    expect(signed_in.locator("#annonce")).to_contain_text("Rapproché")
    expect(signed_in.get_by_role("textbox", name="Note")).to_have_value("à ne pas perdre")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.locator("#annonce")).to_contain_text("Enregistré")


def test_what_a_colleague_did_meanwhile_is_said(signed_in: Page, live_server, account: BankAccount, person: User):
    from banking.matches.deciding import confirm_match

    invoice = a_suggestion(account)
    signed_in.goto(detail_of(live_server, invoice))
    confirm_match(match=invoice.matches.get(), by=person)
    signed_in.get_by_role("button", name="Refuser").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Rien n’a été changé.")
    expect(signed_in.get_by_role("button", name="Défaire")).to_be_visible()


def test_without_a_script_the_same_deeds_work(
    browser: Browser, live_server, account: BankAccount, person: User, client: Client
):
    invoice = a_suggestion(account)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(list_of(live_server, account.company))
    page.get_by_role("searchbox", name="Rechercher").fill("franprix")
    page.get_by_role("searchbox", name="Rechercher").press("Enter")
    page.get_by_role("link", name="Franprix", exact=True).click()
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("button", name="Défaire")).to_be_visible()
    assert settlement(invoice) == Settlement.SETTLED
    context.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 640)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phone_holds_the_list_and_the_detail(
    browser: Browser, live_server, account: BankAccount, person: User, client: Client, width, height, scheme
):
    name = "Société Nouvelle des Minoteries Réunies du Haut-Poitou et de la Vienne"
    invoice = a_suggestion(account, name)
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    for address in (list_of(live_server, account.company), detail_of(live_server, invoice)):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, address
    context.close()


def test_a_mixed_vat_is_split_by_the_keyboard_and_taken_back(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    receipt = an_invoice(company, "Franprix", gross_amount=Decimal("5.76"), vat_amount=Decimal("0.61"))
    signed_in.goto(detail_of(live_server, receipt))
    signed_in.get_by_text("Autres répartitions (3)").click()
    expect(signed_in.get_by_role("button", name="Ventiler ainsi")).to_have_count(4)
    assert_accessible()
    signed_in.locator("h1").click()
    signed_in.keyboard.press("d")
    expect(signed_in.get_by_text("TVA ventilée en 2 lignes")).to_be_visible()
    assert [str(line.vat_amount) for line in receipt.lines.order_by("position")] == ["0.16", "0.45"]
    assert_accessible()
    signed_in.get_by_role("button", name="Revenir à une ligne").click()
    expect(signed_in.get_by_text("La facture est revenue à une ligne.")).to_be_visible()
    assert str(receipt.lines.get().vat_amount) == "0.61"
