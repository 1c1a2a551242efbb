"""Invoices by hand, in a real browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from achats.models import PurchaseInvoice, Status
from firms.models import Company, User
from tests.factories.achats import DocumentFactory, PurchaseInvoiceFactory, SupplierFactory, pdf, photo
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def files() -> list[dict]:
    return [
        {"name": "facture.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        {"name": "ticket.png", "mimeType": "image/png", "buffer": photo()},
        {"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"du texte"},
    ]


def test_files_are_dropped_and_the_invoice_is_completed_beside_its_document(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    signed_in.goto(live_server.url + reverse("achats:list", args=[company.pk]))
    signed_in.get_by_role("link", name="Déposer des pièces").click()
    expect(signed_in.get_by_text("Aucune pièce n’attend")).to_be_visible()
    assert_accessible()
    signed_in.get_by_label("Déposez des factures").set_input_files(files())
    expect(signed_in.get_by_text("« notes.pdf » n’est pas lisible")).to_be_visible()
    signed_in.get_by_role("button", name="Créer 2 factures").wait_for()
    assert_accessible()
    signed_in.get_by_role("button", name="Créer 2 factures").click()
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Compléter la facture")
    assert_accessible()
    signed_in.get_by_label("Fournisseur").fill("Orange")
    signed_in.get_by_label("Date", exact=True).fill("250919")
    signed_in.get_by_label("Total TTC").fill("12,00")
    signed_in.get_by_label("Compte", exact=True).fill("récep")
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.get_by_role("status")).to_contain_text("Enregistré")
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Compléter la facture")
    assert PurchaseInvoice.objects.filter(status=Status.READY, supplier__name="Orange").count() == 1


def test_the_field_that_has_the_focus_at_first_covers_the_page_once_one_asks(
    signed_in: Page, live_server, company: Company
):
    SupplierFactory.create(company=company, name="Orange")
    signed_in.goto(live_server.url + reverse("achats:new", args=[company.pk]))
    field = signed_in.get_by_role("combobox", name="Fournisseur")
    choices = signed_in.get_by_role("listbox", name="Fournisseurs")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    signed_in.keyboard.press("ArrowDown")
    expect(choices.get_by_role("option", name="Orange")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    field.click()
    expect(choices).to_be_visible()


def test_without_a_script_files_are_dropped_all_the_same(
    browser: Browser, live_server, company: Company, person: User, client: Client
):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    sign_in(page, live_server.url, client, person)
    page.goto(live_server.url + reverse("achats:deposit", args=[company.pk]))
    page.get_by_label("Déposez des factures").set_input_files(files())
    page.get_by_role("button", name="Déposer").click()
    expect(page.get_by_text("n’est pas lisible")).to_be_visible()
    page.get_by_role("button", name="Créer les factures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compléter la facture")
    context.close()


def test_two_that_look_like_one_are_compared_and_decided_by_keys(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    pairs = []
    for number in ("FA-0068", "FA-0070", "FA-0072"):
        document = DocumentFactory.create(company=company)
        first = PurchaseInvoiceFactory.create(company=company, reference=number)
        second = PurchaseInvoiceFactory.create(company=company, reference=number, documents=[document])
        pairs.append((first, second))
    signed_in.goto(live_server.url + reverse("achats:list", args=[company.pk]))
    signed_in.get_by_role("link", name="Doublons").click()
    expect(signed_in.get_by_text("1/3 ·")).to_be_visible()
    assert_accessible()
    signed_in.keyboard.press("d")
    expect(signed_in.get_by_role("status")).to_contain_text("elles ne seront plus signalées ensemble")
    expect(signed_in.get_by_text("1/2 ·")).to_be_visible()
    signed_in.keyboard.press("f")
    expect(signed_in.get_by_role("status")).to_contain_text("Réunies")
    assert_accessible()
    signed_in.keyboard.press("z")  # taken back, and done again
    expect(signed_in.get_by_role("status")).to_contain_text("Décision annulée")
    expect(signed_in.get_by_text("FA-0070").first).to_be_visible()
    assert_accessible()
    assert pairs[1][0].attachments.count() == 0
    signed_in.keyboard.press("f")
    expect(signed_in.get_by_role("status")).to_contain_text("Réunies")
    signed_in.keyboard.press("1")
    expect(signed_in.get_by_text("Aucun doublon à examiner")).to_be_visible()
    assert pairs[1][0].attachments.count() == 1
    assert [PurchaseInvoice.objects.get(pk=second.pk).status for _, second in pairs] == [
        Status.READY,
        Status.CANCELLED,
        Status.CANCELLED,
    ]


def test_a_supplier_is_opened_from_its_invoice_and_changed(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    invoice = PurchaseInvoiceFactory.create(company=company, supplier_name="Orange")
    signed_in.goto(live_server.url + reverse("achats:detail", args=[company.pk, invoice.pk]))
    signed_in.get_by_role("link", name="Orange").click()
    expect(signed_in.get_by_text("Reste à payer")).to_be_visible()
    assert_accessible()
    signed_in.keyboard.press("e")
    signed_in.get_by_label("Autres noms").fill("Orange Business")
    assert_accessible()
    signed_in.get_by_role("button", name="Enregistrer").click()
    expect(signed_in.get_by_role("status")).to_contain_text("Fournisseur enregistré")
    expect(signed_in.get_by_text("Orange Business")).to_be_visible()
