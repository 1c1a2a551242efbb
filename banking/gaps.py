"""A payment and what it pays differ, and a person says by what: the difference closes both sides.

It stands on one row of the match: the line's cents grow where more was paid, the invoice's where less was. Several
lines or purchases left open are no such difference.
"""

from collections.abc import Sequence

from achats.models import PurchaseInvoice
from banking.models import BankTransaction, GapKind

# (invoice, line, cents of the line, cents of the invoice)
Share = tuple[PurchaseInvoice, BankTransaction, int, int]
STAYS = "Laissez l’écart ouvert."
PAID_MORE, PAID_LESS = (GapKind.FEE, GapKind.DIFFERENCE), (GapKind.DISCOUNT, GapKind.DIFFERENCE)
GIVEN_BACK_MORE, GIVEN_BACK_LESS = (GapKind.DIFFERENCE,), (GapKind.FEE, GapKind.DIFFERENCE)


class GapStays(Exception):
    """The difference cannot be closed so. `str()` is one French sentence."""


def kinds_of(gap_cents: int) -> tuple[GapKind, ...]:
    """What a difference may be: of more paid than owed (positive), or of less."""
    return PAID_MORE if gap_cents > 0 else PAID_LESS if gap_cents < 0 else ()


def kinds_of_refund(gap_cents: int) -> tuple[GapKind, ...]:
    """The same of more given back than was owed, or of less: no discount, for no purchase is paid."""
    return GIVEN_BACK_MORE if gap_cents > 0 else GIVEN_BACK_LESS if gap_cents < 0 else ()


def close_gap(
    shares: Sequence[Share],
    *,
    invoices: Sequence[PurchaseInvoice],
    lines: Sequence[BankTransaction],
    kind: GapKind,
) -> tuple[list[Share], int]:
    """`shares` of which one takes all that is left of its line or of its invoice, and its place. Raises GapStays.

    `invoices` and `lines` are all that were chosen: what is left of another one is no difference of this share.
    """
    left = {line: _left(line) - sum(cents for _, own, cents, _ in shares if own == line) for line in lines}
    owed = {row: _owed(row) - sum(cents for own, _, _, cents in shares if own == row) for row in invoices}
    place = max(
        (number for number, (invoice, line, cents, _) in enumerate(shares) if cents > 0 and left[line] + owed[invoice]),
        default=-1,
    )
    invoice, line, cents, invoice_cents = shares[place]
    gap = left[line] - owed[invoice]
    if place < 0 or abs(gap) != sum(left.values()) + sum(owed.values()):
        raise GapStays(f"L’écart n’est pas celui d’une seule ligne ou d’une seule facture. {STAYS}")
    if kind not in (kinds_of(gap) if line.amount < 0 else kinds_of_refund(gap)):
        raise GapStays(f"« {kind.label} » ne peut pas expliquer cet écart. {STAYS}")
    closed = list(shares)
    closed[place] = (invoice, line, cents + left[line], invoice_cents + owed[invoice])
    return closed, place


def _left(line: BankTransaction) -> int:
    return int(abs(line.amount) * 100) - line.allocated_cents


def _owed(invoice: PurchaseInvoice) -> int:
    return int(invoice.gross_amount * 100) - invoice.settled_cents
