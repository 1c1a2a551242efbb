"""A person sees what waits in the firm, goes anywhere by a few letters, and is led from a company's dashboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from desk.models import CompanyCounters
from firms.keys import first_key_at
from firms.models import Company, Role, User
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(company: Company) -> Company:
    return CompanyFactory.create(firm=company.firm, code="LIL", name="Épicerie des Lilas")


def test_the_firm_is_counted_walked_by_keys_and_opened_at_what_waits(
    signed_in: Page, live_server, company: Company, other: Company, assert_accessible: Callable[[], None]
):
    PurchaseInvoiceFactory.create(company=other, account=None, supplier_name="Orange")
    signed_in.goto(f"{live_server.url}/dossiers/")
    signed_in.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Cabinet").click()
    expect(signed_in.get_by_text("Pas encore compté").first).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("button", name="Recompter").click()
    expect(signed_in.get_by_role("status").first).to_contain_text("2\u00a0dossiers recomptés")
    expect(signed_in.locator("[data-row-link]").first).to_have_text("Épicerie des Lilas")
    assert_accessible()
    signed_in.keyboard.press("j")
    expect(signed_in.get_by_role("link", name="Épicerie des Lilas")).to_be_focused()
    signed_in.keyboard.press("Digit1")
    expect(signed_in.get_by_role("link", name="Orange")).to_be_visible()
    assert reverse("achats:list", args=[other.pk]) in signed_in.url
    signed_in.go_back()
    signed_in.get_by_role("link", name="À faire").click()
    expect(signed_in.get_by_text("Boulangerie Martin")).not_to_be_attached()


def test_a_few_letters_lead_anywhere_without_the_mouse(
    signed_in: Page, live_server, company: Company, other: Company, assert_accessible: Callable[[], None]
):
    invoice = PurchaseInvoiceFactory.create(company=company, supplier_name="Orange Business", reference="FA006834")
    BankAccountFactory(company=company, label="Compte courant")
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/")
    signed_in.keyboard.press("Control+k")
    dialog = signed_in.get_by_role("dialog", name="Aller à…")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    expect(dialog.get_by_role("link", name="Doublons")).to_be_visible()
    assert_accessible()
    signed_in.keyboard.type("fa0068")
    expect(dialog.get_by_role("link", name="Orange Business")).to_be_visible()
    expect(dialog.get_by_role("link", name="Doublons")).not_to_be_attached()
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(f"**{reverse('achats:detail', args=[company.pk, invoice.pk])}")

    signed_in.keyboard.press("Control+k")
    expect(dialog.get_by_role("link").first).to_be_visible()
    signed_in.keyboard.type("compte")
    expect(dialog.get_by_role("link", name="Compte courant")).to_be_visible()
    signed_in.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("link", name="Compte courant")).to_be_focused()
    signed_in.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()

    # Faster than the answer: Entrée waits for it.
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("epicerie")
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(f"**/dossiers/{other.pk}/")


def test_keys_lead_to_what_the_bar_folds_away_and_the_card_tells_them(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/")
    signed_in.keyboard.press("?")
    card = signed_in.get_by_role("dialog", name="Raccourcis")
    for words, key in {"Doublons": "G puis D", "Connexion Dext": "G puis X", "Cabinet": "G puis C"}.items():
        expect(card.locator(f"dt:text-is('{words}') + dd")).to_have_text(key)
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("x")
    signed_in.wait_for_url(f"**/dossiers/{company.pk}/dext/")
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("d")
    signed_in.wait_for_url(f"**/dossiers/{company.pk}/achats/doublons/")
    signed_in.get_by_role("button", name="Plus").click()
    expect(signed_in.get_by_role("link", name="Pièces à demander")).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("link", name="Cabinet").click()
    expect(signed_in.get_by_role("heading", name=company.firm.name)).to_be_visible()


def test_without_javascript_the_same_words_lead_to_the_same_places(
    browser: Browser, live_server, company: Company, other: Company, person: User, client
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(f"{live_server.url}/dossiers/{company.pk}/")
    page.get_by_role("link", name="Aller à…").click()
    page.get_by_role("searchbox").fill("epicerie")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("main").get_by_role("link", name="Épicerie des Lilas").click()
    expect(page.get_by_role("heading", name="Épicerie des Lilas")).to_be_visible()
    context.close()


def test_a_companys_dashboard_leads_to_the_purchases_behind_a_reason(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/")
    expect(signed_in.get_by_text("Rien n’attend.")).to_be_visible()
    expect(signed_in.get_by_text("Aucun achat sur douze mois.").first).to_be_visible()
    assert_accessible()
    signed_in.get_by_role("link", name="1 Connecter Dext").click()
    signed_in.wait_for_url(f"**/dossiers/{company.pk}/dext/")
    PurchaseInvoiceFactory.create(company=company, account=None, supplier_name="Orange")
    PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix")
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("t")
    signed_in.get_by_role("link", name="Compte 1").click()
    expect(signed_in.get_by_role("link", name="Orange")).to_be_visible()
    expect(signed_in.get_by_role("link", name="Franprix")).not_to_be_attached()
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/aller/?q=orange")
    assert_accessible()
    signed_in.get_by_role("main").get_by_role("link", name="Orange").last.click()
    expect(signed_in.get_by_role("heading", name="Orange")).to_be_visible()


def test_an_administrator_entrusts_a_company_and_its_keeper_opens_the_firm_at_it(
    signed_in: Page, live_server, company: Company, other: Company, person: User, client, assert_accessible
):
    administrator = member_of(company, Role.ADMINISTRATOR)
    sign_in(signed_in, live_server.url, client, administrator)
    signed_in.goto(f"{live_server.url}/cabinet/membres/")
    signed_in.get_by_role("link", name=person.email).first.click()
    entrusted = signed_in.get_by_role("group", name="Dossiers confiés à ce membre")
    entrusted.get_by_label("Épicerie des Lilas").check()
    signed_in.get_by_role("button", name="Enregistrer").click()
    expect(signed_in.get_by_role("status").first).to_contain_text("rôle et dossiers enregistrés")
    assert_accessible()
    now = timezone.now()
    counters = {"counted_at": now, "seen_until": first_key_at(now)}
    for one in (company, other):
        CompanyCounters.objects.create(company=one, refused=2, **counters)
    sign_in(signed_in, live_server.url, client, person)
    signed_in.goto(f"{live_server.url}/cabinet/")
    expect(signed_in.locator("[data-row-link]")).to_have_text(["Épicerie des Lilas"])
    assert_accessible()
    signed_in.get_by_role("link", name="Tous 2").click()
    expect(signed_in.locator("[data-row-link]")).to_have_count(2)
    signed_in.get_by_role("link", name="Boulangerie Martin\u00a0: 2\u00a0refus de Dext cette semaine").click()
    signed_in.wait_for_url(f"**{reverse('dext_connector:receipts', args=[company.pk])}?sort=refused")


def test_the_first_steps_are_put_out_of_sight_and_back(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    signed_in.goto(f"{live_server.url}/dossiers/{company.pk}/")
    signed_in.get_by_role("button", name="Masquer les premières étapes").click()
    expect(signed_in.get_by_role("heading", name="Pour commencer")).not_to_be_attached()
    assert_accessible()
    signed_in.get_by_role("button", name="Afficher les premières étapes").click()
    expect(signed_in.get_by_role("heading", name="Pour commencer")).to_be_visible()
