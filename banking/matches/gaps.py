"""A payment and what it pays differ, and a person says by what: the difference closes both sides.

It stands on one row of the match: the line's cents grow where more was paid, the invoice's where less was. Several
lines or purchases left open are no such difference.
"""

from collections.abc import Mapping, Sequence

from achats.models import PurchaseInvoice
from banking.matches.exchange import Share, left_cents
from banking.models import BankTransaction, GapKind

STAYS = "Laissez l’écart ouvert."
PAID_MORE, PAID_LESS = (GapKind.FEE, GapKind.DIFFERENCE), (GapKind.DISCOUNT, GapKind.DIFFERENCE)
GIVEN_BACK_MORE, GIVEN_BACK_LESS = (GapKind.DIFFERENCE,), (GapKind.FEE, GapKind.DIFFERENCE)


class GapStays(Exception):
    """The difference cannot be closed so. `str()` is one French sentence."""


def kinds_of(gap_cents: int, *, is_foreign: bool = False) -> tuple[GapKind, ...]:
    """What a difference may be: of more paid than owed (positive), of less, of a purchase in another currency."""
    kinds = PAID_MORE if gap_cents > 0 else PAID_LESS if gap_cents < 0 else ()
    return (*kinds, GapKind.EXCHANGE) if kinds and is_foreign else kinds


def kinds_of_refund(gap_cents: int, *, is_foreign: bool = False) -> tuple[GapKind, ...]:
    """The same of more given back than was owed, or of less: no discount, for no purchase is paid."""
    kinds = GIVEN_BACK_MORE if gap_cents > 0 else GIVEN_BACK_LESS if gap_cents < 0 else ()
    return (*kinds, GapKind.EXCHANGE) if kinds and is_foreign else kinds


def close_gap(
    shares: Sequence[Share],
    *,
    dues: Mapping[PurchaseInvoice, int],
    lines: Sequence[BankTransaction],
    kind: GapKind,
    currency: str = "",
) -> tuple[list[Share], int]:
    """`shares` of which one takes all that is left of its line or of its invoice, and its place. Raises GapStays.

    `dues` (what is left to pay of each, in `currency`, that of the lines) and `lines` are all that were chosen: what is
    left of another one is no difference of this share. An exchange is that of a purchase in another currency.
    """
    foreign = {row for row in dues if row.currency != currency} if currency else set()
    _refuse_several_suppliers(foreign, kind)
    left = {line: left_cents(line) - sum(cents for _, own, cents, _ in shares if own == line) for line in lines}
    owed = {row: due - sum(cents for own, _, _, cents in shares if own == row) for row, due in dues.items()}
    able = (
        number
        for number, (invoice, line, cents, _) in enumerate(shares)
        if cents > 0 and left[line] + owed[invoice] and (kind != GapKind.EXCHANGE or invoice in foreign)
    )
    place = max(able, default=-1)
    invoice, line, cents, invoice_cents = shares[place]
    gap = left[line] - owed[invoice]
    if place < 0 or abs(gap) != sum(left.values()) + sum(owed.values()):
        raise GapStays(f"L’écart n’est pas celui d’une seule ligne ou d’une seule facture. {STAYS}")
    explained = kinds_of if line.amount < 0 else kinds_of_refund
    if kind not in explained(gap, is_foreign=invoice in foreign):
        raise GapStays(f"« {kind.label} » ne peut pas expliquer cet écart. {STAYS}")
    closed = (invoice, line, cents + left[line], invoice_cents + owed[invoice])
    return [*shares[:place], closed, *shares[place + 1 :]], place


def _refuse_several_suppliers(foreign: set[PurchaseInvoice], kind: GapKind) -> None:
    """Whose the exchange is must be known: one entry bears it."""
    if kind == GapKind.EXCHANGE and len({row.supplier_id for row in foreign}) > 1:
        raise GapStays(
            "Ces factures en devise sont de plusieurs fournisseurs : rapprochez-les un fournisseur à la fois."
        )
