"""A file against what the account already holds: what is new, and where a statement is missing. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from banking.statements.fingerprints import Facts, Marked
from banking.statements.money import in_words
from banking.statements.statement import Statement

# A statement from the balance of one evening to that of another.
CLOSED_BY_DAY: Final = frozenset({"cfonb120", "camt053", "mt940"})


@dataclass(frozen=True, slots=True)
class Period:
    """A statement that the account already has."""

    format: str
    opening_on: date | None
    closing_on: date | None
    closing_cents: int | None = None

    def covers(self, day: date, format: str) -> bool:
        """True where every line of `day` came with it.

        Not the days at its ends: CFONB books some lines of a day in the next day's statement, and an OFX download
        stops in the middle of its last day. A file of another format has the end that this one has whole: the last day
        where the bank closes a day with its statement, else the first.
        """
        if self.opening_on is None or self.closing_on is None:
            return False
        if self.opening_on < day < self.closing_on:
            return True
        whole_end = self.closing_on if self.format in CLOSED_BY_DAY else self.opening_on
        return format != self.format and day == whole_end


def new_lines[Line: Facts](
    marked: Sequence[Marked[Line]], stored: Mapping[str, tuple[date, int]], periods: Sequence[Period]
) -> list[Marked[Line]]:
    """The lines of one account in a file that the account does not hold: of some whole days, or of all.

    `stored` maps the fingerprint of each line held on these days to its day and minor units. A line is known by its
    fingerprint; on days that both sides cover whole, also by day and amount, as often as lines held stay without their
    like: it is the same operation in other words (another format, a label that the bank changed).
    """
    marks = {mark for _, _, mark in marked}
    spare = Counter(told for mark, told in stored.items() if mark not in marks)
    new = []
    for statement, line, mark in marked:
        told = (line.booked_on, line.amount_cents)
        if mark not in stored and spare[told] and _is_covered(statement, line.booked_on, periods):
            spare[told] -= 1
        elif mark not in stored:
            new.append((statement, line, mark))
    return new


def _is_covered(statement: Statement, day: date, periods: Iterable[Period]) -> bool:
    if not statement.opening_on or not statement.closing_on or not statement.opening_on <= day <= statement.closing_on:
        return False
    return any(period.covers(day, statement.format) for period in periods)


def missing_statements(statements: Iterable[Statement], periods: Iterable[Period]) -> list[str]:
    """One sentence for each old balance that is not the new balance before it, in one account."""
    dated = [s for s in statements if s.opening_on and s.closing_on and s.opening_cents is not None]
    ordered = sorted(dated, key=lambda s: (s.opening_on or date.min, s.closing_on or date.min))
    known: list[tuple[Period, Statement | None]] = [(period, None) for period in periods]
    known += [(Period(s.format, s.opening_on, s.closing_on, s.closing_cents), s) for s in ordered]
    closed = [one for one in reversed(known) if one[0].closing_on and one[0].closing_cents is not None]
    closed.sort(key=lambda one: (one[0].closing_on or date.min, one[0].opening_on or date.min))
    return [text for statement in ordered if (text := _gap(statement, _before(statement, closed)))]


def _before(statement: Statement, closed: Sequence[tuple[Period, Statement | None]]) -> Period | None:
    """The last closing balance on or before the day of this opening; `closed` is by day of closing."""
    place = bisect_right(closed, statement.opening_on or date.min, key=lambda one: one[0].closing_on or date.min)
    while place and closed[place - 1][1] is statement:
        place -= 1
    return closed[place - 1][0] if place else None


def _gap(statement: Statement, before: Period | None) -> str:
    if (
        not before
        or before.closing_cents is None
        or statement.opening_cents is None
        or before.closing_cents == statement.opening_cents
    ):
        return ""
    currency = statement.currency
    return (
        f"Les soldes ne se suivent pas : {in_words(before.closing_cents, currency)} au {before.closing_on:%d/%m/%Y}, "
        f"puis {in_words(statement.opening_cents, currency)} au {statement.opening_on:%d/%m/%Y}. Un relevé manque."
    )
