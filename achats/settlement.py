"""Whether an invoice is paid follows from what the bank paid of it: « Non réglé », « Partiel », « Réglé »."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

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


_SETTLE_MANY = """
UPDATE achats_purchaseinvoice AS invoice
SET settled_cents = invoice.settled_cents + paid.cents,
    updated_at = %(at)s,
    settlement = CASE
        WHEN invoice.is_settled_off_bank THEN 'settled'
        WHEN invoice.settled_cents + paid.cents >= invoice.gross_amount * 100 THEN 'settled'
        WHEN invoice.settled_cents + paid.cents > 0 THEN 'partial'
        ELSE 'unsettled'
    END
FROM unnest(%(ids)s::uuid[], %(cents)s::bigint[]) AS paid (id, cents)
WHERE invoice.id = paid.id
RETURNING invoice.id, old.settlement, new.settlement
"""


def settle_many(*, cents: Mapping[UUID, int], at: datetime) -> dict[UUID, list[str]]:
    """As `settle`, for many locked rows in one query: of those that just became settled, what they were and are.

    Their total is known. The database refuses what exceeds it or goes below zero.
    """
    if not cents:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE_MANY, {"at": at, "ids": list(cents), "cents": list(cents.values())})
        return {pk: [before, after] for pk, before, after in cursor if after == Settlement.SETTLED != before}
