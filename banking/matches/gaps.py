"""A payment and what it pays differ, and a person says by what: the difference closes both sides.

An exchange is shared among the purchases in that currency by what each asks for in it, a discount among the purchases
by what is left to pay of each, to the cent; a fee or a few cents are borne by the last purchase. Whatever the lines,
each purchase bears its part on one row of the match.
"""

from collections.abc import Mapping, Sequence

from achats.books.entry_shares import spread
from achats.models import PurchaseInvoice
from banking.matches.exchange import Share, left_cents, owed_cents
from banking.models import BankTransaction, GapKind
from firms.typography import NBSP

STAYS = "Laissez l’écart ouvert."
PAID_MORE, PAID_LESS = (GapKind.FEE, GapKind.DIFFERENCE), (GapKind.DISCOUNT, GapKind.DIFFERENCE)
GIVEN_BACK_MORE, GIVEN_BACK_LESS = (GapKind.DIFFERENCE,), (GapKind.FEE, GapKind.DIFFERENCE)


class GapStays(Exception):
    """The difference cannot be closed so: `because`, one French sentence. `str()` adds that it may stay open."""

    def __init__(self, because: str) -> None:
        super().__init__(f"{because} {STAYS}")
        self.because = because


def kinds_of(gap_cents: int, *, is_foreign: bool = False) -> tuple[GapKind, ...]:
    """What a difference may be: of more paid than owed (positive), of less, of a purchase in another currency."""
    kinds = PAID_MORE if gap_cents > 0 else PAID_LESS if gap_cents < 0 else ()
    return (*kinds, GapKind.EXCHANGE) if kinds and is_foreign else kinds


def kinds_of_refund(gap_cents: int, *, is_foreign: bool = False) -> tuple[GapKind, ...]:
    """The same of more given back than was owed, or of less: no discount, for no purchase is paid."""
    kinds = GIVEN_BACK_MORE if gap_cents > 0 else GIVEN_BACK_LESS if gap_cents < 0 else ()
    return (*kinds, GapKind.EXCHANGE) if kinds and is_foreign else kinds


def share_gap(
    dues: Mapping[PurchaseInvoice, int], lines: Sequence[BankTransaction], *, kind: GapKind, currency: str
) -> dict[PurchaseInvoice, int]:
    """What `lines`, taken whole, pay of each purchase, in cents of `currency`, theirs. Raises GapStays.

    `dues` are what is left to pay of each in it. A purchase of the other sense is deducted whole; the others make
    with it what the lines hold.
    """
    sense = 1 if lines[0].amount < 0 else -1
    foreign = [row for row in dues if row.currency != currency]
    gap = sum(map(left_cents, lines)) - sum(row.sign * sense * cents for row, cents in dues.items())
    if not gap:
        raise GapStays(f"Il n’y a pas d’écart{NBSP}: ce qui est choisi fait le compte.")
    explained = kinds_of if sense > 0 else kinds_of_refund
    if kind not in explained(gap, is_foreign=bool(foreign)):
        raise GapStays(f"« {kind.label} » ne peut pas expliquer cet écart.")
    paid = {row: cents for row, cents in dues.items() if row.sign == sense and cents}
    shares = _shared(paid, gap, kind, currency)
    if any(paid[row] + cents <= 0 for row, cents in shares.items()):
        raise GapStays("L’écart dépasse ce qu’une de ces factures attend.")
    return {row: cents + shares.get(row, 0) for row, cents in dues.items()}


def _shared(paid: Mapping[PurchaseInvoice, int], gap: int, kind: GapKind, currency: str) -> dict[PurchaseInvoice, int]:
    """The part of the difference that each of `paid` bears."""
    if kind == GapKind.EXCHANGE:
        return _exchanged({row: cents for row, cents in paid.items() if row.currency != currency}, gap)
    if kind == GapKind.DISCOUNT:
        return dict(zip(paid, spread(gap, list(paid.values())), strict=True))
    return dict.fromkeys(list(paid)[-1:], gap)


def _exchanged(foreign: Mapping[PurchaseInvoice, int], gap: int) -> dict[PurchaseInvoice, int]:
    """One payment has one rate: it pays each for what it asks for in its own currency, which must be one."""
    if len({row.currency for row in foreign}) != 1:
        raise GapStays("L’écart de change est celui d’une seule devise : rapprochez ces factures une devise à la fois.")
    whole = sum(foreign.values()) + gap
    if whole <= 0:
        raise GapStays("L’écart dépasse ce que ces factures attendent.")
    parts = spread(whole, [owed_cents(row) for row in foreign])
    return {row: part - cents for (row, cents), part in zip(foreign.items(), parts, strict=True)}


def bear_gap(shares: Sequence[Share], dues: Mapping[PurchaseInvoice, int]) -> tuple[list[Share], set[int]]:
    """`shares`, made of what `share_gap` says, so that they settle `dues`; with the places that bear a difference.

    Of each purchase its largest share does. Raises GapStays where it is too small to.
    """
    closed, places = list(shares), set[int]()
    for invoice, due in dues.items():
        own = [place for place, share in enumerate(shares) if share[0] == invoice]
        lacking = due - sum(shares[place][3] for place in own)
        if own and lacking:
            place = max(own, key=lambda place: (shares[place][3], place))
            _, line, cents, settled = shares[place]
            if settled + lacking <= 0:
                raise GapStays("L’écart dépasse ce qu’une de ces lignes a payé.")
            closed[place] = invoice, line, cents, settled + lacking
            places.add(place)
    return closed, places
