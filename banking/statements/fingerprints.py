"""What makes a bank line that line: so that no import doubles one, nor drops a true twin.

The bank's own identifier is left out on purpose: FITIDs change between two downloads of the same days, and are
reused. Two lines of one day, amount and label are told apart by their rank in the file, and a file that
covers that day again gives them the same ranks. These texts are stored: changing the folding doubles every line.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from banking.statements.statement import Statement


class Facts(Protocol):
    """What is looked at in a line, wherever it is held: minor units of its account's currency, a debit negative."""

    @property
    def booked_on(self) -> date: ...
    @property
    def amount_cents(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def bank_reference(self) -> str: ...


type Marked[Line: Facts] = tuple[Statement, Line, str]


def fingerprint(account_key: str, line: Facts, rank: int) -> str:
    """SHA-256, in hexadecimal, of (account, day, minor units, folded label, rank from 1 among identical lines)."""
    return _mark(account_key, line.booked_on, line.amount_cents, _folded(line.label), rank)


def fingerprinted[Line: Facts](account_key: str, lines: Iterable[tuple[Statement, Line]]) -> Iterator[Marked[Line]]:
    """The lines of one account with their fingerprints, in the order of the file: of some whole days, or of all."""
    ranks: Counter[tuple[object, ...]] = Counter()
    for statement, line in lines:
        alike = (line.booked_on, line.amount_cents, _folded(line.label))
        ranks[alike] += 1
        yield statement, line, _mark(account_key, *alike, ranks[alike])


class Content:
    """What a statement holds, told line after line and kept in 32 bytes: the same twice is one pasted twice."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, line: Facts) -> None:
        told = (line.booked_on.toordinal(), line.amount_cents, _folded(line.label), line.bank_reference)
        self._digest.update(repr(told).encode())

    def identity(self, account_key: str, statement: Statement) -> tuple[object, ...]:
        """Equal for two statements of one account, with the same balances and the same lines in the same order."""
        balances = (statement.opening_on, statement.opening_cents, statement.closing_on, statement.closing_cents)
        return account_key, balances, self._digest.digest()


def _mark(account_key: str, booked_on: date, amount_cents: int, folded: str, rank: int) -> str:
    parts = (account_key, booked_on.isoformat(), str(amount_cents), folded, str(rank))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _folded(label: str) -> str:
    """Without case, accents or runs of blanks."""
    if not label.isascii():
        label = "".join(char for char in unicodedata.normalize("NFKD", label) if not unicodedata.combining(char))
    return " ".join(label.casefold().split())
