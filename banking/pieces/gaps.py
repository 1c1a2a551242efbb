"""Which missing documents belong to a monthly series: « il manque la facture Orange de novembre ». Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LEAST = 3
WITHIN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A bank line as a series sees it: `key` is what the bank calls the supplier; a debit's day."""

    key: str
    booked_on: date

    @property
    def month(self) -> int:
        return self.booked_on.year * 12 + self.booked_on.month - 1


def monthly_keys(explained: Iterable[Told], missing: Iterable[Told]) -> set[tuple[str, int]]:
    """(key, month) of the missing lines that a series expects.

    A series is LEAST explained lines of one key, each in a month of its own, among the WITHIN months before the
    missing one, and none in that month itself: twice a month is no monthly invoice.
    """
    months: defaultdict[str, set[int]] = defaultdict(set)
    for line in explained:
        months[line.key].add(line.month)
    return {
        (line.key, line.month)
        for line in missing
        if line.key
        and line.month not in months[line.key]
        and sum(line.month - WITHIN <= month < line.month for month in months[line.key]) >= LEAST
    }
