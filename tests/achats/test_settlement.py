import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from achats.models import PurchaseInvoice, Settlement
from achats.settlement import derive_settlements, settle, settlement_of
from tests.factories.achats import PurchaseInvoiceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cents", "settlement"),
    [(0, Settlement.UNSETTLED), (1, Settlement.PARTIAL), (1199, Settlement.PARTIAL), (1200, Settlement.SETTLED)],
)
def test_the_settlement_follows_from_what_was_paid(cents: int, settlement: Settlement) -> None:
    invoice = PurchaseInvoiceFactory.create()
    assert settle(invoice=invoice, cents=cents) is (settlement == Settlement.SETTLED)
    invoice.refresh_from_db()
    assert (invoice.settlement, settlement_of(invoice)) == (settlement, settlement)
    PurchaseInvoice.objects.update(settlement=Settlement.UNSETTLED)
    derive_settlements(invoice_ids=[invoice.pk], at=timezone.now())
    invoice.refresh_from_db()
    assert invoice.settlement == settlement


def test_what_was_settled_off_the_bank_stays_settled() -> None:
    invoice = PurchaseInvoiceFactory.create()
    invoice.is_settled_off_bank = True
    assert settlement_of(invoice) == Settlement.SETTLED


@pytest.mark.parametrize("cents", [1201, -1])
def test_more_than_the_total_or_less_than_nothing_is_refused_by_the_database(cents: int) -> None:
    invoice = PurchaseInvoiceFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        settle(invoice=invoice, cents=cents)
