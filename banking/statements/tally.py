"""What a reader keeps of the lines that it has handed on: their number, their sum and their days."""

from dataclasses import dataclass
from datetime import date

from banking.statements.statement import StatementLine


@dataclass(slots=True)
class Tally:
    """`total_cents` in minor units. `first_on` and `last_on` are days in the file's order, the others the extremes."""

    count: int = 0
    total_cents: int = 0
    first_on: date | None = None
    last_on: date | None = None
    earliest: date | None = None
    latest: date | None = None

    def add(self, line: StatementLine) -> StatementLine:
        """The line, counted."""
        day = line.booked_on
        self.count += 1
        self.total_cents += line.amount_cents
        self.last_on = day
        if self.earliest is None or self.latest is None:
            self.first_on = self.earliest = self.latest = day
        elif day < self.earliest:
            self.earliest = day
        elif day > self.latest:
            self.latest = day
        return line

    @property
    def is_newest_first(self) -> bool:
        return self.first_on is not None and self.last_on is not None and self.first_on > self.last_on
