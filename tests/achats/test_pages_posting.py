"""« Publier » on the pages: who may, what is said, and what a second press or another tab finds."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from achats.books.posting import post_invoice
from achats.models import PurchaseInvoice, Status
from firms.models import Company, Role
from ledger.models import AccountingMode, Bookkeeping, JournalEntry
from ledger.validating import validate_entries
from tests.achats.list_pages import text
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.firms import member_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def accountant(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client


def url(invoice: PurchaseInvoice, name: str) -> str:
    return reverse(f"achats:{name}", args=[invoice.company_id, invoice.pk])


def said(client: Client, invoice: PurchaseInvoice, name: str = "post", **options) -> str:
    answer = client.post(url(invoice, name), follow=True, **options)
    assert answer.status_code == 200
    return text(answer.content.decode())


def status(invoice: PurchaseInvoice) -> str:
    invoice.refresh_from_db()
    return invoice.status


def test_one_press_posts_and_a_second_finds_it_done(accountant: Client, company: Company):
    invoice = a_receipt(company)
    assert "Écriture AC-000001 passée : 5,76 €." in said(accountant, invoice).replace("\u00a0", " ")
    assert "est déjà comptabilisée" in said(accountant, invoice)
    assert JournalEntry.objects.count() == 1


def test_after_one_the_next_of_the_list_is_there_and_the_last_is_said(accountant: Client, company: Company):
    first, second, third = (a_receipt(company, name=name) for name in ("Franprix", "Orange", "OVH"))
    waiting = a_receipt(company, name="Zara")
    PurchaseInvoice.objects.filter(pk=waiting.pk).update(status=Status.NOT_READY)
    query = "?onglet=pret&tri=fournisseur"
    answer = accountant.post(url(first, "post") + query, follow=True)
    [(place, _)] = answer.redirect_chain
    assert place.startswith(url(second, "detail"))
    shown = text(answer.content.decode()).replace("\u00a0", " ")
    assert "Écriture AC-000001 passée : 5,76 €. Facture suivante : Orange 19/08/2019." in shown
    assert "Franprix 19/08/2019 : écriture AC-000001 passée." in shown
    page = answer.content.decode()
    assert f'action="{url(first, "unpost")}?onglet=pret&amp;tri=fournisseur"' in page
    assert "publiee" not in page.replace(place, "")
    assert re.search(r'<button class="button main" autofocus[^>]*Publier en comptabilité', page)
    assert (
        accountant.post(url(third, "post") + query, follow=True).redirect_chain[0][0].startswith(url(second, "detail"))
    )
    last = accountant.post(url(second, "post") + query, follow=True)
    assert last.redirect_chain[0][0].startswith(url(second, "detail"))
    assert "C’était la dernière à publier." in last.content.decode()


def test_what_stands_against_it_is_said_and_nothing_is_posted(accountant: Client, company: Company):
    invoice = a_receipt(company, issued_on=date(2017, 1, 1))
    assert "Aucun exercice du dossier ne contient le 01/01/2017" in said(accountant, invoice)
    row = accountant.post(url(invoice, "post"), headers=HTMX)
    assert (row.status_code, "Aucun exercice" in row.content.decode()) == (409, True)
    assert (status(invoice), JournalEntry.objects.count()) == (Status.READY, 0)


def test_a_final_entry_is_only_reversed(accountant: Client, company: Company):
    invoice = a_receipt(company)
    post_invoice(invoice=invoice, by=None, at=NOW)
    page = accountant.get(url(invoice, "detail")).content.decode()
    assert "Annuler la publication" in page
    assert "Contre-passer" not in page
    validate_entries(company=company, until=date(2019, 12, 31), by=member_of(company), at=NOW)
    page = accountant.get(url(invoice, "detail")).content.decode()
    assert "Annuler la publication" not in page
    assert "Contre-passer" in page
    assert "est validée" in said(accountant, invoice, "unpost")
    assert "contre-passée par AC-000002" in said(accountant, invoice, "reverse")
    assert status(invoice) == Status.READY
    assert "il n’y a rien à reprendre" in said(accountant, invoice, "reverse")


def test_the_page_of_one_that_is_posted_has_no_fields(accountant: Client, company: Company):
    invoice = a_receipt(company)
    post_invoice(invoice=invoice, by=None, at=NOW)
    assert 'id="correction"' not in accountant.get(url(invoice, "detail")).content.decode()


def test_what_is_typed_wrong_is_told_and_nothing_is_posted(accountant: Client, company: Company):
    invoice = a_receipt(company)
    answer = accountant.post(url(invoice, "post"), {"issued_on": "le trente", "kind": "receipt"})
    assert answer.status_code == 422
    assert "Rien n’a été enregistré" in answer.content.decode()
    assert status(invoice) == Status.READY


def test_a_reader_sees_the_entry_and_may_not_publish(client: Client, company: Company):
    invoice = a_receipt(company)
    client.force_login(member_of(company, Role.READER))
    page = client.get(url(invoice, "detail")).content.decode()
    assert "Écriture prévue" in page
    assert "Publier" not in page
    assert "Publier" not in client.get(reverse("achats:list", args=[company.pk])).content.decode()
    assert client.post(url(invoice, "post")).status_code == 403
    assert status(invoice) == Status.READY


def test_a_company_in_tresorerie_awaits_the_settlement(accountant: Client, company: Company):
    invoice = a_receipt(company)
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    for page in (accountant.get(url(invoice, "detail")), accountant.get(reverse("achats:list", args=[company.pk]))):
        assert "En attente de règlement" in page.content.decode()
        assert "Publier en comptabilité" not in page.content.decode()
    assert "l’écriture se passera au règlement" in said(accountant, invoice)


def test_the_preview_stores_nothing(accountant: Client, company: Company):
    invoice = a_receipt(company, a_line(company, "5.76", "0.61"))
    line = invoice.lines.get()
    fields = {"kind": "credit_note", "issued_on": "20/08/2019", f"compte-{line.pk}": "62570000"}
    answer = accountant.post(url(invoice, "preview"), fields | {f"tva-{line.pk}": str(line.vat_code_id)}, headers=HTMX)
    shown = re.sub(r"\s+", " ", text(answer.content.decode()))
    assert "AC au 20/08/2019" in shown
    assert "62570000 Réceptions 5,15" in shown
    invoice.refresh_from_db()
    assert (invoice.kind, invoice.issued_on, line.account and line.account.code) == (
        "invoice", date(2019, 8, 19), "60630000"
    )  # fmt: skip


def test_a_row_of_the_list_opens_its_entry_or_leads_to_it(accountant: Client, company: Company):
    invoice = a_receipt(company)
    assert accountant.get(url(invoice, "row_entry"))["Location"].endswith("#ecriture")
    assert "401FRANP" in accountant.get(url(invoice, "row_entry"), headers=HTMX).content.decode()
    answer = accountant.post(url(invoice, "post"), headers=HTMX).content.decode()
    assert f'id="statut-{invoice.pk}" hx-swap-oob="true"' in answer
    assert "Comptabilisé" in answer
    back = accountant.post(url(invoice, "unpost"), headers=HTMX).content.decode()
    assert "Publication annulée" in back
    assert "Publier en comptabilité" in back


def test_publishing_in_the_list_answers_the_counts_and_that_the_line_left_its_tab(client: Client, company: Company):
    first, second = (a_receipt(company, name=name) for name in ("Franprix", "Orange"))
    client.force_login(member_of(company))

    def press(row: PurchaseInvoice, query: str) -> str:
        place = reverse("achats:post", args=[company.pk, row.pk]) + query
        return text(client.post(place, headers={"HX-Request": "true"}).content.decode())

    answer = press(first, "?onglet=pret")
    assert "Elle n’est plus dans cet onglet. Actualiser" in answer
    assert "À publier 1" in answer
    assert "plus dans cet onglet" not in press(second, "")
