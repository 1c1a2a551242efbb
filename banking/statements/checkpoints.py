"""The balances that a bank printed, in their order: where one statement does not follow another. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from banking.statements.overlap import CLOSED_BY_DAY


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A closing balance, with the opening one where the file has it. As `BankStatement` holds them."""

    format: str
    opening_on: date | None
    opening: Decimal | None
    closing_on: date
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """Between a closing balance, on `after`, and the opening one that should equal it; `amount` is what is missing."""

    after: date
    before: date
    amount: Decimal
    is_closed_by_day: bool

    @property
    def since(self) -> date:
        return self.after + timedelta(days=1)

    @property
    def until(self) -> date:
        """The last day that no statement covers; before `since` where no day is missing."""
        return self.before if self.is_closed_by_day else self.before - timedelta(days=1)


def in_order(found: Iterable[Checkpoint]) -> list[Checkpoint]:
    """By day of closing, each once."""
    return sorted(set(found), key=lambda point: (point.closing_on, point.opening_on or date.min, point.closing))


def gaps(points: Sequence[Checkpoint]) -> list[Gap]:
    """Where an opening balance is not the closing one before it; statements that overlap leave none."""
    return [
        Gap(before.closing_on, after.opening_on, after.opening - before.closing, after.format in CLOSED_BY_DAY)
        for before, after in pairwise(points)
        if after.opening_on
        and after.opening is not None
        and after.opening_on >= before.closing_on
        and after.opening != before.closing
    ]
