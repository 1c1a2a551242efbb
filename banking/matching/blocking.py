"""Which line may pay which invoice: the same cents within the window, found near (n + m) log (n + m)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import numpy as np

from banking.matching.columns import Flags, Ints, Places, days_of
from banking.matching.facts import InvoiceFact, Policy, TransactionFact
from banking.matching.labels import Label

Read = tuple[TransactionFact, Label]
Key = tuple[str, int]
# Wider than any day of the common era, so that a key and a day make one number, in order of key, then day.
DAYS = 1 << 22
PAIRS_AT_ONCE = 1 << 18
# Lines of one amount beyond these, in the order of their days, are not weighed for an invoice that comes before them.
MOST_LINES = 1_024


class LineIndex:
    """The lines in order of currency, cents and date: a line stands once for each amount that it may be told by."""

    def __init__(self, lines: Sequence[Read]) -> None:
        keys = [_keys(*line) for line in lines]
        self._codes: dict[Key, int] = {}
        codes = [self._codes.setdefault(key, len(self._codes)) for found in keys for key in found]
        line = np.repeat(np.arange(len(lines)), np.fromiter(map(len, keys), np.int64, len(lines)))
        moments = np.array(codes, np.int64) * DAYS + days_of(line.booked_on for line, _ in lines)[line]
        order = np.argsort(moments, kind="stable")
        self._moments, self._lines = moments[order], line[order]

    def span(self, keys: Iterable[Key], first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """For each key and its days, both included, the start and the end of its lines in this index."""
        codes = np.fromiter((self._codes.get(key, len(self._codes)) for key in keys), np.int64, len(first))
        start = np.searchsorted(self._moments, codes * DAYS + first, "left")
        return start, np.searchsorted(self._moments, codes * DAYS + last, "right")

    def pairs(self, invoices: Sequence[InvoiceFact], policy: Policy) -> Iterator[Places]:
        """The places of invoices, and beside each that of a line of opposite sign and equal cents in the window.

        They come in batches, so that what is not kept of one never stands in memory beside the next.
        """
        issued = days_of(invoice.issued_on for invoice in invoices)
        keys = ((invoice.currency, -invoice.cents) for invoice in invoices)
        start, end = self.span(keys, issued - policy.days_before, issued + policy.days_after)
        counts = np.minimum(end - start, MOST_LINES)
        batch = np.cumsum(counts) // PAIRS_AT_ONCE
        for some in np.split(np.arange(len(invoices)), np.flatnonzero(np.diff(batch)) + 1):
            many = counts[some]
            within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            yield np.repeat(some, many), self._lines[np.repeat(start[some], many) + within]


def given_back(lines: Sequence[Read], within: timedelta) -> Flags:
    """Which lines are debits whose cents came back as a rejected payment within some days: they paid nothing."""
    returns = LineIndex([read for read in lines if read[1].kind == "return"])
    booked = days_of(line.booked_on for line, _ in lines)
    start, end = returns.span(((line.currency, -line.cents) for line, _ in lines), booked, booked + within.days)
    return (end > start) & np.fromiter((line.cents < 0 for line, _ in lines), np.bool_, len(lines))


def is_foreign(line: TransactionFact, label: Label) -> bool:
    """Whether the line is told by an amount in another currency too."""
    return len(_keys(line, label)) > 1


def _keys(line: TransactionFact, label: Label) -> set[Key]:
    """The line's own amount, and the amount in the currency of the purchase where bank or label gives it."""
    keys = {(line.currency, line.cents)}
    sign = -1 if line.cents < 0 else 1
    if line.original_cents is not None and line.original_currency:
        keys.add((line.original_currency, sign * abs(line.original_cents)))
    elif label.foreign:
        keys.add((label.foreign[1], sign * label.foreign[0]))
    return keys
