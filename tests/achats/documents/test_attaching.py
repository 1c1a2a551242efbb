"""A document comes late, or again."""

import pytest

from achats.changing.cancelling import cancel_invoice
from achats.changing.editing import InvoiceNotEditable
from achats.documents.attaching import attach_document
from firms.models import Event
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None):
    return CompanyFactory()


def test_a_late_document_joins_those_that_are_there_once(company):
    first, late = DocumentFactory(company=company), DocumentFactory(company=company)
    invoice, by = PurchaseInvoiceFactory(company=company, documents=[first]), member_of(company)
    told = [attach_document(invoice=invoice, document=document, by=by, at=NOW) for document in (first, late, late)]
    assert told == [False, True, False]
    assert [joined.document for joined in invoice.attachments.all()] == [first, late]
    event = Event.objects.get(kind="purchase.document_attached")
    assert (event.by, event.changes) == (by, {"document": [None, late.filename]})


def test_the_warning_of_a_missing_document_goes(company):
    invoice = PurchaseInvoiceFactory(company=company)
    assert [warning["code"] for warning in invoice.warnings] == ["document_missing"]
    attach_document(invoice=invoice, document=DocumentFactory(company=company), by=None, at=NOW)
    invoice.refresh_from_db()
    assert invoice.warnings == []


def test_the_same_file_on_two_purchases_is_a_suspected_duplicate(company):
    document = DocumentFactory(company=company)
    PurchaseInvoiceFactory(company=company, documents=[document])
    other = PurchaseInvoiceFactory(company=company, supplier_name="Autre")
    attach_document(invoice=other, document=document, by=None, at=NOW)
    other.refresh_from_db()
    assert [reason["code"] for reason in other.reasons] == ["suspected_duplicate"]


def test_neither_a_cancelled_purchase_nor_one_of_another_company_takes_a_document(company):
    invoice = PurchaseInvoiceFactory(company=company)
    with pytest.raises(ValueError, match="another company"):
        attach_document(invoice=invoice, document=DocumentFactory(), by=None, at=NOW)
    cancel_invoice(invoice=invoice, by=member_of(company), reason="Erreur", at=NOW)
    with pytest.raises(InvoiceNotEditable, match="annulée"):
        attach_document(invoice=invoice, document=DocumentFactory(company=company), by=None, at=NOW)
    assert not invoice.attachments.exists()
