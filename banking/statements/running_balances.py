"""The balances that a CSV file prints after each line: whether they follow, and what they open and close with."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Final, Self

from banking.statements.balances import sum_done
from banking.statements.statement import UnreadableStatement

IN_MEMORY: Final = 1 << 16
_ROW: Final = struct.Struct("<qqq")
_MODULUS: Final = 1 << 128


@dataclass(frozen=True, slots=True)
class Printed:
    """The amount of a line and the balance after it, in minor units, and its line in the file."""

    cents: int
    balance: int
    line: int

    @property
    def before(self) -> int:
        return self.balance - self.cents


@dataclass(slots=True)
class Breaks:
    """Where a line does not follow the one before it: how often, and the sum to show of one of those places."""

    count: int = 0
    shown: tuple[int, Printed] | None = None


class RunningBalances:
    """Of the lines of one statement, told one by one. Kept on disk, for the rare file whose lines are in no order."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with this object)
        self._first: Printed | None = None
        self._last: Printed | None = None
        self._is_whole = self._is_oldest_first = self._is_newest_first = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, cents: int, balance: int | None, line: int) -> None:
        """`balance` is None where the line lacks it: then nothing is checked."""
        if balance is None or not self._is_whole:
            self._is_whole = False
            return
        row, before = Printed(cents, balance, line), self._last
        if before:
            self._is_oldest_first = self._is_oldest_first and before.balance == row.before
            self._is_newest_first = self._is_newest_first and row.balance == before.before
        self._first, self._last = self._first or row, row
        self._file.write(_ROW.pack(cents, balance, line))

    def ends(self) -> tuple[int | None, int | None]:
        """Opening and closing, oldest or newest first, or a day's lines in any order.

        Raises UnreadableStatement at the first line that does not follow: an operation is missing there, or an amount
        was altered.
        """
        if not self._is_whole or self._first is None or self._last is None:
            return None, None
        if self._is_oldest_first:
            return self._first.before, self._last.balance
        if self._is_newest_first:
            return self._last.before, self._first.balance
        return self._of_any_order() or self._refuse()

    def _rows(self) -> Iterator[Printed]:
        self._file.seek(0)
        while row := self._file.read(_ROW.size):
            yield Printed(*_ROW.unpack(row))

    def _of_any_order(self) -> tuple[int, int] | None:
        """The one balance that no line leads to, and the one that none starts from; None where there is not one such.

        All others cancel out in a sum of their digests, so that the two are found without holding any.
        """
        moved = left = 0
        for row in self._rows():
            moved += row.cents
            left += _digest(row.balance) - _digest(row.before)
        if not moved:
            return None
        starts = (row.before for row in self._rows())
        fitting = (start for start in starts if (_digest(start + moved) - _digest(start) - left) % _MODULUS == 0)
        opening = next(fitting, None)
        return None if opening is None else (opening, opening + moved)

    def _refuse(self) -> tuple[int, int]:
        oldest_first, newest_first, before = Breaks(), Breaks(), None
        for row in self._rows():
            if before and before.balance != row.before:
                oldest_first.count += 1
                oldest_first.shown = oldest_first.shown or (before.balance, row)
            if before and row.balance != before.before:
                newest_first.count += 1
                newest_first.shown = (row.balance, before)
            before = row
        fewer = oldest_first if oldest_first.count <= newest_first.count else newest_first
        if fewer.shown is None:
            raise AssertionError("no line breaks an order that was refused")
        opening, row = fewer.shown
        words = sum_done(opening, row.cents, row.balance, self.currency, start=f"Ligne {row.line}")
        raise UnreadableStatement(words, row.line)


def _digest(cents: int) -> int:
    return int.from_bytes(hashlib.blake2b(str(cents).encode(), digest_size=16).digest())
