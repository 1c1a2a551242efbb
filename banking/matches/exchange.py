"""A purchase in another currency than the bank line that pays it: what it weighs in that of the books.

That is its total in the company's currency, as it was received and as its entry owes it to the supplier. A bank line
does not say how much of the other currency it bought, so such a purchase is paid whole, and the difference is the
exchange.
"""

from collections.abc import Mapping, Sequence

from achats.books.entry_shares import spread
from achats.models import PurchaseInvoice
from banking.models import BankTransaction
from firms.typography import NBSP

# (invoice, line, cents of the line, cents of the invoice), all in the currency of the line
Share = tuple[PurchaseInvoice, BankTransaction, int, int]


class PaidInPart(Exception):
    """A purchase in another currency would be paid in part. `str()` is one French sentence."""


def owed_cents(invoice: PurchaseInvoice) -> int:
    """What is left to pay, in its own currency."""
    return int(invoice.gross_amount * 100) - invoice.settled_cents


def left_cents(line: BankTransaction) -> int:
    """What of a line nothing explains, in the currency of its account."""
    return int(abs(line.amount) * 100) - line.allocated_cents


def due_cents(invoice: PurchaseInvoice, currency: str) -> int | None:
    """What is left to pay in `currency`: its own, or the company's; None where it has no total in that.

    Of one paid in part, the rest of its total at the document's own rate, so that all parts make it to the cent.
    """
    if invoice.currency == currency:
        return owed_cents(invoice)
    if invoice.base_gross_amount is None or invoice.base_currency not in ("", currency):
        return None
    base = int(invoice.base_gross_amount * 100)
    return base - _at_rate(invoice, base, invoice.settled_cents)


def base_cents(invoice: PurchaseInvoice, currency: str, *, settles: int, before: int) -> int | None:
    """What `settles` cents of a purchase weigh in `currency`, after `before` others of it; None as `due_cents`."""
    if invoice.base_gross_amount is None or invoice.base_currency not in ("", currency):
        return None
    base = int(invoice.base_gross_amount * 100)
    return _at_rate(invoice, base, before + settles) - _at_rate(invoice, base, before)


def _at_rate(invoice: PurchaseInvoice, base: int, cents: int) -> int:
    """`cents` of its own currency at the document's rate, `base` for its total, rounded half up."""
    gross = int(invoice.gross_amount * 100)
    return (2 * base * cents + gross) // (2 * gross) if gross else 0


def lacks_total(invoice: PurchaseInvoice, currency: str) -> str:
    """The sentence on a purchase that has no total in `currency`."""
    what = f"La facture de {invoice.supplier_name} est en {invoice.currency}, sans total en {currency}"
    return f"{what}{NBSP}: donnez-lui ce total sur sa page, puis rapprochez-la."


def own_cents(
    shares: Sequence[Share], dues: Mapping[PurchaseInvoice, int], currency: str
) -> list[tuple[int, int | None]]:
    """For each share what it settles in its purchase's own currency and, where that is not `currency`, in `currency`.

    `dues` are what was left to pay of each in `currency`. Raises PaidInPart.
    """
    found: list[tuple[int, int | None]] = [(due, None) for _, _, _, due in shares]
    for invoice in (row for row in dues if row.currency != currency):
        places = [place for place, share in enumerate(shares) if share[0] == invoice]
        parts = [shares[place][3] for place in places]
        if sum(parts) != dues[invoice]:
            raise PaidInPart(_whole(invoice, currency))
        for place, cents, part in zip(places, spread(owed_cents(invoice), parts), parts, strict=True):
            found[place] = cents, part
    return found


def _whole(invoice: PurchaseInvoice, currency: str) -> str:
    return (
        f"La facture de {invoice.supplier_name} est en {invoice.currency}, la ligne en {currency} : elle se règle en "
        "entier. Dites que l’écart est un écart de change, ou choisissez ce qu’elle a payé d’autre."
    )
