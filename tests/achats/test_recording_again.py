"""What Dext sends again replaces what it sent before; what people chose beside it stays."""

from decimal import Decimal

import pytest

from achats.changing.editing import InvoiceNotEditable
from achats.changing.history import events_of, history_of
from achats.models import PurchaseInvoice, Status
from achats.recording import record_again
from firms.models import Event
from tests.factories.achats import NOW, DocumentFactory, PurchaseInvoiceFactory, draft, line
from tests.factories.firms import CompanyFactory


@pytest.fixture
def invoice(db: None) -> PurchaseInvoice:
    return PurchaseInvoiceFactory(company=CompanyFactory(), source="dext", external_id="d1", reference="A")


def test_fields_and_lines_are_replaced_and_remembered(invoice):
    lines = (line("5.00", label="a"), line("7.00", label="b"))
    again = record_again(invoice=invoice, draft=draft(reference="B", lines=lines), by=None, at=NOW)
    assert (again.pk, again.reference, again.status) == (invoice.pk, "B", Status.NOT_READY)
    assert list(again.lines.values_list("position", "label")) == [(1, "a"), (2, "b")]
    changes = Event.objects.get(kind="purchase.republished").changes
    assert changes["reference"] == ["A", "B"]
    assert changes["lines.1.gross_amount"] == ["12.00", "5.00"]
    assert changes["lines.2.gross_amount"] == [None, "7.00"]
    assert "issued_on" not in changes


def test_the_history_tells_it_in_words(invoice):
    record_again(invoice=invoice, draft=draft(reference="B", lines=(line("12.00"),)), by=None, at=NOW)
    told = next(row for row in history_of(events_of(invoice)) if row.words == "Publiée à nouveau par Dext")
    assert ("N° de facture", "A", "B") in told.changes
    assert ("Compte, ligne 1", "62570000 Réceptions", "—") in told.changes


def test_its_documents_stay_and_new_ones_join_them(invoice):
    first, second = (DocumentFactory(company=invoice.company) for _ in range(2))
    record_again(invoice=invoice, draft=draft(), by=None, at=NOW, documents=[first])
    again = record_again(invoice=invoice, draft=draft(), by=None, at=NOW, documents=[second])
    assert [joined.document for joined in again.attachments.all()] == [first, second]
    assert again.warnings == []


def test_the_amounts_are_those_received(invoice):
    sent = draft(gross_amount=Decimal("5.76"), vat_amount=Decimal("0.61"))
    again = record_again(invoice=invoice, draft=sent, by=None, at=NOW)
    assert (again.gross_amount, again.vat_amount, again.net_amount) == (Decimal("5.76"), Decimal("0.61"), None)
    assert again.lines.get().vat_amount == Decimal("0.61")


@pytest.mark.parametrize(
    ("become", "words"), [({"settled_cents": 1}, "rapprochée"), ({"status": Status.POSTED}, "comptabilisée")]
)
def test_what_is_matched_or_posted_is_left_as_it_is(invoice, become, words):
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(**become)
    with pytest.raises(InvoiceNotEditable, match=words):
        record_again(invoice=invoice, draft=draft(reference="B"), by=None, at=NOW)
    assert PurchaseInvoice.objects.get().reference == "A"
