"""Invoices by hand: documents dropped, invoices made of them, what they lack typed beside them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from achats.models import Deposit, PurchaseInvoice, Settlement, Source, Status
from banking.runs.facts import read_facts
from firms.models import Company, Role
from tests.factories.achats import DocumentFactory, PurchaseInvoiceFactory, pdf, photo
from tests.factories.firms import CompanyFactory, member_of

TYPED = {
    "supplier_name": "Orange",
    "kind": "invoice",
    "issued_on": "25/09/2019",
    "gross_amount": "1 743,54 €",
    "vat_amount": "290,59",
    "currency": "EUR",
    "account": "62570000",
}


def url(company: Company, name: str, *more: object) -> str:
    return reverse(f"achats:{name}", args=[company.pk, *more])


def file_of(data: bytes, name: str = "facture.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def drop(client: Client, company: Company, *files: SimpleUploadedFile, **headers: str):
    return client.post(url(company, "deposit"), {"pieces": list(files)}, headers=headers)


def make(client: Client, company: Company, **more: str):
    chosen = [str(pk) for pk in Deposit.objects.waiting().filter(company=company).values_list("pk", flat=True)]
    return client.post(url(company, "deposit_make"), {"piece": chosen, **more})


def test_several_files_are_dropped_and_each_becomes_an_invoice_to_complete(reader: Client, company: Company):
    assert drop(reader, company, file_of(pdf()), file_of(photo(), "ticket.png")).status_code == 302
    html = reader.get(url(company, "deposit")).content.decode()
    assert "ticket.png" in html
    assert "facture.pdf" in html
    answer = make(reader, company)
    made = list(PurchaseInvoice.objects.order_by("id"))
    assert answer["Location"] == url(company, "complete", made[0].pk)
    for invoice in made:
        assert (invoice.source, invoice.status, invoice.settlement) == (
            Source.HAND,
            Status.NOT_READY,
            Settlement.UNSETTLED,
        )
        assert [reason["code"] for reason in invoice.reasons][:2] == ["supplier_missing", "account_missing"]
        assert invoice.attachments.count() == 1
    assert not Deposit.objects.waiting().exists()


def test_a_file_is_judged_by_its_content_and_one_refused_does_not_stop_the_others(reader: Client, company: Company):
    answer = drop(reader, company, file_of(b"MZ not a pdf"), file_of(pdf(), "vraie.pdf"))
    html = reader.get(answer["Location"]).content.decode()
    assert "n’est pas lisible par MEG" in html
    assert [str(deposit) for deposit in Deposit.objects.all()] == ["vraie.pdf"]


def test_the_script_takes_the_row_of_its_file_or_the_refusal(reader: Client, company: Company):
    row = drop(reader, company, file_of(pdf()), HX_Request="true")
    assert 'name="piece"' in row.content.decode()
    refused = drop(reader, company, file_of(b"rien"), HX_Request="true")
    assert (refused.status_code, "n’est pas lisible" in refused.content.decode()) == (422, True)


def test_a_file_that_is_known_is_said_and_not_ticked(reader: Client, company: Company):
    data = pdf()
    PurchaseInvoiceFactory.create(company=company, documents=[DocumentFactory.create(company=company, data=data)])
    html = drop(reader, company, file_of(data), HX_Request="true").content.decode()
    assert "Ce fichier est celui de la facture" in html
    assert "checked" not in html


def test_the_same_file_dropped_twice_waits_once_and_that_is_said(reader: Client, company: Company):
    data = pdf()
    drop(reader, company, file_of(data))
    answer = drop(reader, company, file_of(data))
    assert "attendait déjà sa facture" in reader.get(answer["Location"]).content.decode()
    assert Deposit.objects.count() == 1


def test_two_who_make_invoices_of_the_same_files_make_them_once(reader: Client, company: Company):
    drop(reader, company, file_of(pdf()))
    chosen = [str(Deposit.objects.get().pk)]
    reader.post(url(company, "deposit_make"), {"piece": chosen})
    second = reader.post(url(company, "deposit_make"), {"piece": chosen})
    assert (second.status_code, PurchaseInvoice.objects.count()) == (409, 1)
    assert "viennent d’être traitées" in second.content.decode()


def test_a_file_that_was_dropped_by_mistake_is_taken_away(reader: Client, company: Company):
    drop(reader, company, file_of(pdf()))
    make(reader, company, retirer="1")
    assert not Deposit.objects.exists()
    assert not PurchaseInvoice.objects.exists()


def test_the_files_of_another_company_are_nobody_elses(reader: Client, company: Company):
    other = CompanyFactory.create(firm=company.firm)
    drop(reader, other, file_of(pdf(), "secret.pdf"))
    assert "secret.pdf" not in reader.get(url(company, "deposit")).content.decode()
    chosen = [str(Deposit.objects.get().pk)]
    assert reader.post(url(company, "deposit_make"), {"piece": chosen}).status_code == 409


def test_what_the_document_says_is_typed_and_the_invoice_is_ready(reader: Client, company: Company):
    drop(reader, company, file_of(pdf()))
    make(reader, company)
    invoice = PurchaseInvoice.objects.get()
    page = url(company, "complete", invoice.pk)
    assert "La pièce est en préparation" in reader.get(page).content.decode()
    assert read_facts(company.pk).invoices == []
    assert reader.post(page, TYPED).status_code == 302
    invoice.refresh_from_db()
    assert (invoice.status, invoice.gross_amount, str(invoice.supplier)) == (Status.READY, Decimal("1743.54"), "Orange")
    (line,) = invoice.lines.all()
    assert (line.gross_amount, line.vat_amount, line.account.code) == (
        Decimal("1743.54"),
        Decimal("290.59"),
        "62570000",
    )
    assert len(read_facts(company.pk).invoices) == 1


def test_one_goes_on_to_the_next_document_that_lacks_something(reader: Client, company: Company):
    drop(reader, company, file_of(pdf()), file_of(pdf()))
    make(reader, company)
    first, second = PurchaseInvoice.objects.order_by("id")
    answer = reader.post(url(company, "complete", first.pk), TYPED | {"suivante": "1"})
    assert answer["Location"] == url(company, "complete", second.pk)


def test_an_invoice_is_typed_without_a_document(reader: Client, company: Company):
    assert reader.post(url(company, "new"), TYPED).status_code == 302
    invoice = PurchaseInvoice.objects.get()
    assert (invoice.status, invoice.vat_amount, invoice.attachments.count()) == (Status.READY, Decimal("290.59"), 0)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("vat_amount", "2 000", "La TVA dépasse le total TTC."),
        ("net_amount", "1 452,90", "écart de −0,05"),
        ("gross_amount", "-3", "Un montant est positif"),
        ("gross_amount", "", "Ce champ est obligatoire"),
        ("issued_on", "32/09", "n’est pas une date"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(reader, company, field, typed, told):
    answer = reader.post(url(company, "new"), TYPED | {field: typed})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert 'value="Orange"' in answer.content.decode()
    assert not PurchaseInvoice.objects.exists()


def test_a_reader_sees_and_changes_nothing(client: Client, company: Company):
    client.force_login(member_of(company, Role.READER))
    assert client.get(url(company, "deposit")).status_code == 200
    assert drop(client, company, file_of(pdf())).status_code == 403
    assert client.get(url(company, "new")).status_code == 403


def test_an_invoice_of_dext_is_not_typed_over(reader: Client, company: Company):
    invoice = PurchaseInvoiceFactory.create(company=company, source=Source.DEXT, external_id="88213")
    assert reader.get(url(company, "complete", invoice.pk)).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_queries_do_not_grow_with_the_files(reader, company, many, django_assert_max_num_queries):
    drop(reader, company, *(file_of(pdf()) for _ in range(many)))
    with django_assert_max_num_queries(7):
        reader.get(url(company, "deposit"))
