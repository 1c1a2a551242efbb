"""The lines of a file on their way in: put down by COPY in the order of the file, taken up by account and day.

They wait in a temporary table that nobody else sees and that goes with the transaction, so that a file of any length
costs the memory of a batch going in, and of the lines of a day coming out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from banking.imports.copying import copy_rows
from banking.statements.fingerprints import Content
from banking.statements.statement import Event, Statement, StatementLine

_CREATE = """
    DROP TABLE IF EXISTS pg_temp.arriving_line;
    CREATE TEMPORARY TABLE arriving_line (
        statement integer, place integer, booked_on date, value_on date, amount_cents bigint, label text, detail text,
        kind text, bank_reference text, creditor_identifier text, mandate text
    ) ON COMMIT DROP
"""
_TAKE_UP = """
    SELECT l.* FROM arriving_line l
    JOIN unnest(%s::integer[], %s::integer[], %s::integer[]) AS s(statement, account, way) USING (statement)
    ORDER BY s.account, l.booked_on, l.statement, l.place * s.way
"""


class ArrivingLine(NamedTuple):
    """A line of the file; `statement` is the place of its statement in the file, from 0, `place` its own in that."""

    statement: int
    place: int
    booked_on: date
    value_on: date | None
    amount_cents: int
    label: str
    detail: str
    kind: str
    bank_reference: str
    creditor_identifier: str
    mandate: str


@dataclass(slots=True)
class Arrival:
    """A statement of the file: how many lines it has, of which days, and what they hold."""

    count: int = 0
    since: date = date.max
    until: date = date.min
    content: Content = field(default_factory=Content)
    statement: Statement = field(init=False)

    def add(self, line: StatementLine) -> None:
        self.since, self.until = min(self.since, line.booked_on), max(self.until, line.booked_on)
        self.count += 1
        self.content.add(line)


def put_down(events: Iterable[Event], *, told: Callable[[int], None]) -> list[Arrival]:
    """Read a file to its end; what its statements are, each after its lines. `told` hears how many lines are read.

    Raises what reading raises. Call it in the transaction that takes them up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
    arrivals: list[Arrival] = []
    copy_rows("arriving_line", ArrivingLine._fields, _lines(events, arrivals), told=told)
    return arrivals


def _lines(events: Iterable[Event], arrivals: list[Arrival]) -> Iterator[ArrivingLine]:
    arriving = Arrival()
    for event in events:
        if isinstance(event, Statement):
            arriving.statement = event
            arrivals.append(arriving)
            arriving = Arrival()
        else:
            arriving.add(event)
            yield _arriving_line(event, len(arrivals), arriving.count)
    if arriving.count:
        raise ValueError("lines without their statement")


def _arriving_line(line: StatementLine, statement: int, place: int) -> ArrivingLine:
    """As much of it as `BankTransaction` holds, but for the label, which its fingerprint wants whole."""
    return ArrivingLine(
        statement,
        place,
        line.booked_on,
        line.value_on,
        line.amount_cents,
        line.label,
        line.detail,
        line.kind[:20],
        line.bank_reference[:255],
        line.complements.creditor_identifier[:35],
        line.complements.mandate[:35],
    )


def take_up(statements: Sequence[tuple[int, int, bool]]) -> Iterator[ArrivingLine]:
    """The lines of some statements, by account, day, then order of the file, oldest first.

    A statement is its place in the file, a number that orders its account among others, and whether it is written
    newest first.
    """
    places, accounts = [place for place, _, _ in statements], [account for _, account, _ in statements]
    ways = [-1 if is_newest_first else 1 for _, _, is_newest_first in statements]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TAKE_UP, [places, accounts, ways])
        yield from map(ArrivingLine._make, cursor)
