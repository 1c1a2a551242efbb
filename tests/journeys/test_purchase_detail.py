"""What an accountant does on the page of one purchase, in a real browser."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from achats.documents.rendering import render
from achats.models import Origin, PurchaseInvoice, Source
from firms.events import record_event
from firms.models import Company
from firms.typography import format_day, read_day
from tests.factories.achats import DocumentFactory, PurchaseInvoiceFactory, SupplierFactory, line, pdf

pytestmark = pytest.mark.django_db(transaction=True)


def detail_of(live_server, invoice: PurchaseInvoice, query: str = "") -> str:
    return live_server.url + reverse("achats:detail", args=[invoice.company_id, invoice.pk]) + query


def test_an_account_is_taken_from_the_habits_and_the_chart_by_keys(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    for _ in range(2):
        PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix", account="60630000")
    lacking = PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix", account=None)
    signed_in.goto(detail_of(live_server, lacking))
    signed_in.keyboard.press("c")
    choices = signed_in.get_by_role("listbox", name="Comptes")
    expect(choices).to_contain_text("Habituels pour Franprix")
    assert_accessible()
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")
    field = signed_in.get_by_role("combobox", name="Compte")
    expect(field).to_have_value("60630000 Fournitures d’entretien et de petit équipement")
    expect(choices).to_be_hidden()
    field.fill("recep")
    expect(choices).to_contain_text("Réceptions")
    signed_in.keyboard.press("Enter")
    expect(field).to_have_value("62570000 Réceptions")
    field.fill("depl")
    expect(choices).to_contain_text("Voyages et déplacements")
    signed_in.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    expect(field).to_be_focused()


def test_another_supplier_is_chosen_by_a_word_of_its_name(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    SupplierFactory.create(company=company, name="Électricité de France", siren="552081317")
    invoice = PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix")
    signed_in.goto(detail_of(live_server, invoice))
    field = signed_in.get_by_role("combobox", name="Fournisseur")
    field.fill("fran")
    choices = signed_in.get_by_role("listbox", name="Fournisseurs")
    expect(choices.get_by_role("option")).to_have_count(2)
    assert_accessible()
    choices.get_by_role("option", name="Électricité de France").click()
    expect(field).to_have_value("Électricité de France · SIREN 552081317")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Électricité de France")
    assert PurchaseInvoice.objects.get().supplier_name == "Électricité de France"


def test_a_line_is_added_for_what_is_left_and_the_sums_follow_as_one_types(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    invoice = PurchaseInvoiceFactory.create(
        company=company, gross_amount=Decimal("12.00"), vat_amount=Decimal("1.50"), source=Source.DEXT
    )
    signed_in.goto(detail_of(live_server, invoice))
    signed_in.get_by_label("TTC", exact=True).fill("7")
    signed_in.get_by_label("TVA", exact=True).fill("1,17")
    rest = signed_in.get_by_text("Reste à ventiler")
    expect(rest).to_have_text("Reste à ventiler : 5,00 € de TTC, 0,33 € de TVA")
    signed_in.keyboard.press("Escape")
    signed_in.keyboard.press("l")
    account = signed_in.get_by_role("combobox", name="Compte de la ligne 2")
    expect(account).to_be_focused()
    expect(rest).to_have_count(0)
    account.fill("6063")
    expect(signed_in.get_by_role("listbox", name="Comptes").get_by_role("option")).to_have_count(1)
    signed_in.keyboard.press("Enter")
    assert_accessible()
    expect(signed_in.get_by_role("region", name="Écriture prévue")).to_contain_text("60630000")
    gross = signed_in.get_by_label("TTC de la ligne 2")
    expect(gross).to_have_value("5,00")
    gross.fill("4,99")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_role("alert")).to_contain_text("il manque 0,01 €")
    signed_in.get_by_label("TTC de la ligne 2").fill("5,00")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_role("status").first).to_contain_text("Enregistré")
    assert [line.gross_amount for line in invoice.lines.order_by("position")] == [Decimal("7.00"), Decimal("5.00")]
    signed_in.get_by_role("button", name="Retirer la ligne").nth(1).click()
    expect(rest).to_contain_text("5,00 € de TTC")
    signed_in.get_by_label("TTC de la ligne 1").fill("12")
    signed_in.get_by_role("textbox", name="TVA de la ligne 1").fill("1,5")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_role("button", name="Retirer la ligne")).to_have_count(0)
    assert invoice.lines.get().gross_amount == Decimal("12.00")


def test_what_dext_sent_is_put_back_with_one_press(signed_in: Page, live_server, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company, reference="FA-1", source=Source.DEXT)
    record_event(company=company, kind="purchase.received", subject_id=invoice.pk)
    signed_in.goto(detail_of(live_server, invoice))
    signed_in.get_by_label("N° de facture").fill("FA-2")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_text("Reçu : FA-1")).to_be_visible()
    signed_in.get_by_role("button", name="Rétablir").click()
    expect(signed_in.get_by_label("N° de facture")).to_have_value("FA-1")
    signed_in.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(signed_in.get_by_text("Reçu : FA-1")).to_have_count(0)


def test_a_comment_is_written_from_the_keyboard_and_withdrawn(signed_in: Page, live_server, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company)
    signed_in.goto(detail_of(live_server, invoice, "?onglet=tout"))
    signed_in.keyboard.press("i")
    signed_in.keyboard.type("Avoir demandé au fournisseur")
    signed_in.keyboard.press("Tab")
    signed_in.keyboard.press("Enter")
    expect(signed_in.get_by_role("listitem").filter(has_text="Avoir demandé au fournisseur")).to_be_visible()
    assert "onglet=tout" in signed_in.url
    signed_in.get_by_role("button", name="Retirer ce commentaire").click()
    expect(signed_in.get_by_text("Avoir demandé au fournisseur")).to_have_count(0)


def test_lines_that_came_without_vat_ask_for_nothing_until_an_amount_is_touched(
    signed_in: Page, live_server, company: Company
):
    account = company.accounts.get(code="62570000")
    lines = tuple(line(gross, account=account, account_origin=Origin.NAMED) for gross in ("9.50", "2.50"))
    invoice = PurchaseInvoiceFactory.create(company=company, lines=lines)
    signed_in.goto(detail_of(live_server, invoice))
    rest = signed_in.get_by_text("Reste à ventiler")
    expect(signed_in.get_by_label("TTC de la ligne 2")).to_have_value("2,50")
    expect(rest).to_have_count(0)
    signed_in.get_by_label("TTC de la ligne 2").fill("2,00")
    expect(rest).to_have_text("Reste à ventiler : 0,50 € de TTC, 2,00 € de TVA")


def test_the_document_follows_in_a_second_window_by_the_key_too(signed_in: Page, live_server, company: Company):
    first, second = (PurchaseInvoiceFactory.create(company=company, supplier_name=name) for name in ("Orange", "OVH"))
    for invoice in (first, second):
        document = DocumentFactory.create(company=company, data=pdf(pages=2), filename="facture.pdf")
        render(document_id=document.pk, at=timezone.now())
        invoice.attachments.create(company=company, document=document)
    signed_in.goto(detail_of(live_server, second))
    with signed_in.context.expect_page() as opened:
        signed_in.get_by_role("link", name="Double page").click()
    window = opened.value
    expect(window.get_by_role("heading", level=1)).to_contain_text("OVH")
    expect(window.get_by_role("img", name="Page 1 sur 2")).to_be_visible()
    signed_in.bring_to_front()
    signed_in.keyboard.press("j")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("Orange")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Orange")
    signed_in.keyboard.press("k")
    expect(window.get_by_role("heading", level=1)).to_contain_text("OVH")


def test_the_card_of_keys_names_each_field_in_a_word_and_is_left_by_one_key(
    signed_in: Page, live_server, company: Company
):
    invoice = PurchaseInvoiceFactory.create(company=company)
    document = DocumentFactory.create(company=company, data=pdf(pages=1), filename="facture.pdf")
    render(document_id=document.pk, at=timezone.now())
    invoice.attachments.create(company=company, document=document)
    signed_in.goto(detail_of(live_server, invoice))
    signed_in.keyboard.press("?")
    card = signed_in.get_by_role("dialog", name="Raccourcis")
    for words, key in {"Compte": "C", "Code TVA": "T", "Agrandir": "+"}.items():
        expect(card.locator(f"dt:text-is('{words}') + dd")).to_have_text(key)
    expect(card.get_by_role("button", name="Fermer")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(card).to_be_hidden()


def test_the_arrows_turn_the_pages_of_the_document(signed_in: Page, live_server, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company)
    document = DocumentFactory.create(company=company, data=pdf(pages=3), filename="facture.pdf")
    render(document_id=document.pk, at=timezone.now())
    invoice.attachments.create(company=company, document=document)
    signed_in.goto(detail_of(live_server, invoice))
    expect(signed_in.get_by_role("img", name="Page 1 sur 3")).to_be_in_viewport()
    signed_in.keyboard.press("ArrowRight")
    signed_in.keyboard.press("ArrowRight")
    expect(signed_in.get_by_role("img", name="Page 3 sur 3")).to_be_in_viewport()
    signed_in.keyboard.press("ArrowLeft")
    expect(signed_in.get_by_role("img", name="Page 2 sur 3")).to_be_in_viewport()


def test_a_typed_day_is_written_out_when_one_leaves_its_field(signed_in: Page, live_server, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company)
    signed_in.goto(detail_of(live_server, invoice))
    field = signed_in.get_by_label("Date", exact=True)
    today = timezone.localdate()
    for typed in ("3/4", "30/12", "030419", "3.4.2019", "2019-04-03", "hier"):
        field.fill(typed)
        signed_in.keyboard.press("Tab")
        expect(field).to_have_value(format_day(read_day(typed, today=today)))
    for typed in ("31/4", "demain"):
        field.fill(typed)
        signed_in.keyboard.press("Tab")
        expect(field).to_have_value(typed)


def test_a_document_is_joined_to_a_purchase_that_came_without_and_h_leads_to_its_history(
    signed_in: Page, live_server, company: Company, assert_accessible: Callable[[], None]
):
    invoice = PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix", documents=[])
    signed_in.goto(detail_of(live_server, invoice))
    assert_accessible()
    field = signed_in.get_by_label("PDF, photo ou facture électronique")
    field.set_input_files({"name": "ticket.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    signed_in.get_by_role("button", name="Joindre la pièce").click()
    expect(signed_in.get_by_text("« ticket.pdf » est jointe à la facture.")).to_be_visible()
    signed_in.keyboard.press("h")
    heading = signed_in.get_by_role("heading", name="Historique")
    expect(heading).to_be_in_viewport()
    expect(signed_in.locator(".history").last).to_contain_text("Pièce jointe")
