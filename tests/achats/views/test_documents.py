import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.documents.rendering import render
from achats.documents.storing import path_of
from achats.models import Document
from firms.models import Role
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory, pdf
from tests.factories.firms import CompanyFactory, member_of

UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def reader(client, company):
    client.force_login(member_of(company, Role.READER))
    return client


def address(document, *page, company=None):
    name = "achats:document_page" if page else "achats:document"
    return reverse(name, args=[(company or document.company).pk, document.pk, *page])


def test_the_address_is_in_french(company):
    document = DocumentFactory(company=company)
    assert address(document) == f"/dossiers/{company.pk}/pieces/{document.pk}/"
    assert address(document, 2) == f"/dossiers/{company.pk}/pieces/{document.pk}/pages/2/"


def test_a_pdf_is_shown_as_it_came_and_runs_nothing(reader, company):
    document = DocumentFactory(company=company, data=pdf(), filename="Reçu été.pdf")
    answer = reader.get(address(document))
    assert answer.getvalue() == path_of(document.sha256).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"].startswith("private")


def test_an_electronic_invoice_is_downloaded(reader, company):
    answer = reader.get(address(DocumentFactory(company=company, data=UBL, filename="facture.xml")))
    assert answer["Content-Disposition"] == 'attachment; filename="facture.xml"'
    assert answer.getvalue()


def test_a_page_is_an_image(reader, company):
    document = DocumentFactory(company=company, data=pdf(pages=2))
    assert reader.get(address(document, 1)).status_code == 404
    render(document_id=document.pk, at=NOW)
    answer = reader.get(address(document, 2))
    assert (answer["Content-Type"], answer.getvalue()[8:12]) == ("image/webp", b"WEBP")
    assert reader.get(address(document, 3)).status_code == 404
    assert reader.get(address(document, 0)).status_code == 404


def test_what_the_browser_has_is_not_sent_again(reader, company):
    document = DocumentFactory(company=company)
    first = reader.get(address(document))
    assert first.getvalue()
    again = reader.get(address(document), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_document_of_another_company_does_not_exist(reader, company):
    theirs = DocumentFactory()
    assert reader.get(address(theirs)).status_code == 404
    assert reader.get(address(theirs, company=company)).status_code == 404
    assert reader.get(address(theirs, 1, company=company)).status_code == 404


def test_the_same_file_in_two_companies_is_served_to_each_by_its_own_row(reader, company):
    mine = DocumentFactory(company=company)
    theirs = DocumentFactory(data=path_of(mine.sha256).read_bytes())
    assert Document.objects.filter(sha256=mine.sha256).count() == 2
    answer = reader.get(address(mine))
    assert answer.status_code == 200
    assert answer.getvalue()
    assert reader.get(address(theirs, company=company)).status_code == 404


def test_who_is_not_signed_in_is_sent_to_sign_in(client, company):
    answer = client.get(address(DocumentFactory(company=company)))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/connexion/")


def test_a_lost_file_is_not_found(reader, company):
    document = DocumentFactory(company=company)
    path_of(document.sha256).unlink()
    assert reader.get(address(document)).status_code == 404


def test_nothing_is_posted_there(reader, company):
    assert reader.post(address(DocumentFactory(company=company))).status_code == 405


@pytest.fixture
def writer(client, company):
    client.force_login(member_of(company))
    return client


def attach(browser, invoice, data=None, company=None):
    where = reverse("achats:attach", args=[(company or invoice.company).pk, invoice.pk])
    files = {} if data is None else {"piece": SimpleUploadedFile("facture.pdf", data)}
    return browser.post(f"{where}?onglet=tout", files)


def told(browser, answer):
    return browser.get(answer["Location"]).content.decode()


def test_a_purchase_without_a_document_is_given_one_from_its_page(writer, company):
    invoice = PurchaseInvoiceFactory(company=company, documents=())
    shown = told(writer, {"Location": reverse("achats:detail", args=[company.pk, invoice.pk])})
    assert reverse("achats:attach", args=[company.pk, invoice.pk]) in shown
    data = pdf()
    answer = attach(writer, invoice, data)
    assert answer["Location"] == reverse("achats:detail", args=[company.pk, invoice.pk]) + "?onglet=tout"
    html = told(writer, answer)
    assert "« facture.pdf » est jointe à la facture." in html
    assert "Pièce jointe" in html
    assert [row.document.filename for row in invoice.attachments.all()] == ["facture.pdf"]
    assert "était déjà jointe" in told(writer, attach(writer, invoice, data))
    assert invoice.attachments.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"), [(None, "Aucun fichier n’a été choisi."), (b"MZ not a pdf", "n’est pas lisible par MEG")]
)
def test_what_is_no_document_is_refused_with_a_sentence(writer, company, data, sentence):
    invoice = PurchaseInvoiceFactory(company=company, documents=())
    assert sentence in told(writer, attach(writer, invoice, data))
    assert not invoice.attachments.exists()


def test_a_cancelled_purchase_takes_no_document(writer, company):
    invoice = PurchaseInvoiceFactory(company=company)
    cancel_invoice(invoice=invoice, by=member_of(company), at=NOW, reason="en double")
    assert "ne reçoit plus de pièce" in told(writer, attach(writer, invoice, pdf()))
    assert not invoice.attachments.exists()


def test_a_reader_attaches_nothing_and_another_companys_purchase_is_unknown(reader, company):
    invoice = PurchaseInvoiceFactory(company=company, documents=())
    assert attach(reader, invoice, pdf()).status_code == 403
    other = PurchaseInvoiceFactory(company=CompanyFactory(firm=company.firm), documents=())
    reader.force_login(member_of(company))
    assert attach(reader, other, pdf(), company=company).status_code == 404
    assert not other.attachments.exists()
