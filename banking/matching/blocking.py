"""Which line may pay which invoice: the same cents within the window, found near (n + m) log (n + m)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from banking.matching.facts import InvoiceFact, Policy, TransactionFact
from banking.matching.labels import Label

Read = tuple[TransactionFact, Label]
Key = tuple[str, int]


class LineIndex:
    """The lines by currency and cents, each list in order of date."""

    def __init__(self, lines: Iterable[Read]) -> None:
        self._lines: defaultdict[Key, list[Read]] = defaultdict(list)
        for line in sorted(lines, key=lambda read: (read[0].booked_on, read[0].id)):
            for key in _keys(*line):
                self._lines[key].append(line)
        self._dates = {key: [line.booked_on for line, _ in lines] for key, lines in self._lines.items()}

    def of(self, invoice: InvoiceFact, policy: Policy) -> Iterator[Read]:
        """The lines of opposite sign and equal cents within the window around the invoice's date."""
        first = invoice.issued_on - timedelta(days=policy.days_before)
        last = invoice.issued_on + timedelta(days=policy.days_after)
        yield from self._between((invoice.currency, -invoice.cents), first, last)

    def returns(self, line: TransactionFact, within: timedelta) -> Iterator[Read]:
        """The lines that give back the cents of `line` within some days after it."""
        yield from self._between((line.currency, -line.cents), line.booked_on, line.booked_on + within)

    def _between(self, key: Key, first: date, last: date) -> Iterator[Read]:
        dates = self._dates.get(key, [])
        yield from self._lines.get(key, [])[bisect_left(dates, first) : bisect_right(dates, last)]


def _keys(line: TransactionFact, label: Label) -> set[Key]:
    """The line's own amount, and the amount in the currency of the purchase where bank or label gives it."""
    keys = {(line.currency, line.cents)}
    sign = -1 if line.cents < 0 else 1
    if line.original_cents is not None and line.original_currency:
        keys.add((line.original_currency, sign * abs(line.original_cents)))
    elif label.foreign:
        keys.add((label.foreign[1], sign * label.foreign[0]))
    return keys
