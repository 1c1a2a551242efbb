"""Whether an invoice is paid follows from what the bank paid of it: « Non réglé », « Partiel », « Réglé »."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Value, When

from achats.models import PurchaseInvoice, Settlement


def settlement_of(invoice: PurchaseInvoice) -> Settlement:
    """Derived from `settled_cents`, the total, and whether it was settled off the bank."""
    total_cents = int(invoice.gross_amount * 100)
    if invoice.is_settled_off_bank or (invoice.settled_cents >= total_cents and not invoice.is_total_missing):
        return Settlement.SETTLED
    return Settlement.PARTIAL if invoice.settled_cents else Settlement.UNSETTLED


def settle(*, invoice: PurchaseInvoice, cents: int) -> bool:
    """Add `cents` (negative to take back) to what is paid of a locked row. True where it just became settled.

    The database refuses what exceeds the total or goes below zero.
    """
    before = invoice.settlement
    invoice.settled_cents += cents
    invoice.settlement = settlement_of(invoice)
    invoice.save(update_fields=["settled_cents", "settlement", "updated_at"])
    return invoice.settlement == Settlement.SETTLED != before


def derive_settlements(*, invoice_ids: Collection[UUID], at: datetime) -> None:
    """Set `settlement` anew on many rows whose `settled_cents` changed, in one query."""
    PurchaseInvoice.objects.filter(pk__in=invoice_ids).update(
        updated_at=at,
        settlement=Case(
            When(is_settled_off_bank=True, then=Value(Settlement.SETTLED)),
            When(settled_cents__gte=F("gross_amount") * 100, then=Value(Settlement.SETTLED)),
            When(settled_cents__gt=0, then=Value(Settlement.PARTIAL)),
            default=Value(Settlement.UNSETTLED),
        ),
    )
