import pytest

from achats.changing.cancelling import InvoiceNotEditable, cancel_invoice
from achats.models import PurchaseInvoice, Status
from firms.models import Event
from tests.factories.achats import NOW, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db):
    return CompanyFactory()


@pytest.fixture
def by(company):
    return member_of(company)


def test_the_row_stays_cancelled_with_who_when_and_why(company, by):
    invoice = PurchaseInvoiceFactory(company=company)
    cancel_invoice(invoice=invoice, by=by, reason="Reçue deux fois", at=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.cancelled_by, invoice.cancelled_at) == (Status.CANCELLED, by, NOW)
    assert invoice.cancellation_reason == "Reçue deux fois"
    assert Event.objects.get(kind="purchase.cancelled").changes["status"] == ["ready", "cancelled"]
    assert not PurchaseInvoice.objects.live().exists()


@pytest.mark.parametrize(
    ("state", "words"), [({"status": Status.POSTED}, "comptabilisée"), ({"settled_cents": 1}, "rapprochée")]
)
def test_a_posted_or_matched_one_is_refused(company, by, state, words):
    invoice = PurchaseInvoiceFactory(company=company)
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(**state)
    with pytest.raises(InvoiceNotEditable, match=words):
        cancel_invoice(invoice=invoice, by=by, reason="", at=NOW)


def test_it_is_cancelled_once(company, by):
    invoice = PurchaseInvoiceFactory(company=company)
    cancel_invoice(invoice=invoice, by=by, reason="", at=NOW)
    with pytest.raises(InvoiceNotEditable, match="annulée"):
        cancel_invoice(invoice=invoice, by=by, reason="", at=NOW)
