import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from achats.models import Settlement
from achats.settlement import settle, settle_many, settlement_of
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


@pytest.mark.parametrize(
    ("before", "cents", "settlement"),
    [
        (0, 1199, Settlement.PARTIAL),
        (0, 1200, Settlement.SETTLED),
        (1000, 200, Settlement.SETTLED),
        (1000, -1000, Settlement.UNSETTLED),
    ],
)
def test_many_are_settled_as_one_is(before: int, cents: int, settlement: Settlement) -> None:
    invoice, other = PurchaseInvoiceFactory.create_batch(2)
    settle(invoice=invoice, cents=before)
    was, at = invoice.settlement, timezone.now()
    settled = settle_many(cents={invoice.pk: cents, other.pk: 1200}, at=at)
    invoice.refresh_from_db()
    assert (invoice.settled_cents, invoice.settlement, invoice.updated_at) == (before + cents, settlement, at)
    became = {invoice.pk: [was, "settled"]} if settlement == Settlement.SETTLED else {}
    assert settled == {other.pk: ["unsettled", "settled"], **became}


def test_what_was_settled_off_the_bank_stays_settled() -> None:
    invoice = PurchaseInvoiceFactory.create()
    invoice.is_settled_off_bank = True
    assert settlement_of(invoice) == Settlement.SETTLED


@pytest.mark.parametrize("cents", [1201, -1])
def test_more_than_the_total_or_less_than_nothing_is_refused_by_the_database(cents: int) -> None:
    invoice = PurchaseInvoiceFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        settle(invoice=invoice, cents=cents)
    with pytest.raises(IntegrityError), transaction.atomic():
        settle_many(cents={invoice.pk: cents}, at=timezone.now())
