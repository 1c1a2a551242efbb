"""What of a file an account lacks, added to it: both read a day at a time, side by side, and what is new copied out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from banking.imports.arriving import Arrival, ArrivingLine, take_up
from banking.imports.copying import copy_rows
from banking.imports.holdings import Holdings, amount, cents
from banking.models import BankStatement, BankTransaction
from banking.statements.fingerprints import Marked, fingerprinted
from banking.statements.overlap import new_lines

COLUMNS = (
    "company_id",
    "account_id",
    "statement_id",
    "booked_on",
    "value_on",
    "amount",
    "label",
    "detail",
    "kind",
    "bank_reference",
    "creditor_identifier",
    "mandate",
    "fingerprint",
    "allocated_cents",
    "is_ignored",
    "created_at",
)
STEP = 2_000
# (account, day, fingerprint, amount) of a line held; an account with its lines of one day in the file, and those held.
type Held = tuple[UUID, date, str, Decimal]
type Day = tuple[UUID, list[ArrivingLine], list[Held]]


def copy_lines(
    arrivals: Sequence[Arrival],
    rows: Sequence[BankStatement],
    holdings: Holdings,
    *,
    at: datetime,
    told: Callable[[int], None],
) -> tuple[int, int]:
    """Store the lines of a file that were put down and that its accounts lack: (how many are new, of how many).

    `rows` has the row of each statement, in the order of the file. `told` hears, as the days go by, how many lines of
    the file are done with. Raises IntegrityError where a line is there already.
    """
    fresh = _fresh(arrivals, rows)
    numbers = {pk: number for number, pk in enumerate(sorted(holdings.accounts))}
    lines = take_up(
        [(place, numbers[rows[place].account_id], arrivals[place].statement.is_newest_first) for place in fresh]
    )
    days = _by_day(lines, rows, holdings.lines(*_span(arrivals)))
    new = _new_lines(_heard(days, told), arrivals, holdings)
    stored = copy_rows(BankTransaction._meta.db_table, COLUMNS, _records(new, rows, at))
    return stored, sum(arrivals[place].count for place in fresh)


def _fresh(arrivals: Sequence[Arrival], rows: Sequence[BankStatement]) -> list[int]:
    """The places of the statements but those that the file holds twice (two downloads pasted together)."""
    known: dict[tuple[object, ...], int] = {}
    for place, (arrival, row) in enumerate(zip(arrivals, rows, strict=True)):
        known.setdefault(arrival.content.identity(str(row.account_id), arrival.statement), place)
    return list(known.values())


def _span(arrivals: Sequence[Arrival]) -> tuple[date, date]:
    """The first and the last day of the file; no day where it has no line."""
    since = min((arrival.since for arrival in arrivals), default=date.max)
    return since, max((arrival.until for arrival in arrivals), default=date.min)


def _by_day(lines: Iterable[ArrivingLine], rows: Sequence[BankStatement], held: Iterable[Held]) -> Iterator[Day]:
    """Each day of the file, with what is held of it. Both come by account and day, and are read together."""
    days_held = groupby(held, key=lambda line: line[:2])
    ahead = next(days_held, None)
    for key, arriving in groupby(lines, key=lambda line: (rows[line.statement].account_id, line.booked_on)):
        while ahead and ahead[0] < key:
            ahead = next(days_held, None)
        yield key[0], list(arriving), list(ahead[1]) if ahead and ahead[0] == key else []


def _heard(days: Iterable[Day], told: Callable[[int], None]) -> Iterator[Day]:
    """The same days; `told` hears every STEP lines how many went by."""
    done = 0
    for day in days:
        yield day
        before, done = done, done + len(day[1])
        if before // STEP < done // STEP:
            told(done)


def _new_lines(days: Iterable[Day], arrivals: Sequence[Arrival], holdings: Holdings) -> Iterator[Marked[ArrivingLine]]:
    for account, lines, held in days:
        currency = holdings.accounts[account].currency
        stored = {mark: (booked_on, cents(money, currency)) for _, booked_on, mark, money in held}
        stated = ((arrivals[line.statement].statement, line) for line in lines)
        yield from new_lines(list(fingerprinted(str(account), stated)), stored, holdings.periods[account])


def _records(new: Iterable[Marked[ArrivingLine]], rows: Sequence[BankStatement], at: datetime) -> Iterator[tuple]:
    owners = [(str(row.company_id), str(row.account_id), str(row.pk)) for row in rows]
    for statement, line, mark in new:
        yield (
            *owners[line.statement],
            line.booked_on,
            line.value_on,
            amount(line.amount_cents, statement.currency),
            line.label[:200],
            line.detail,
            line.kind,
            line.bank_reference,
            line.creditor_identifier,
            line.mandate,
            mark,
            0,
            False,
            at,
        )
