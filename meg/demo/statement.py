"""The bank's side: statement.csv written as a CFONB 120 file, as a bank would send it (CFONB v2.0). Pure."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

LINES = Path(__file__).parent / "statement.csv"
BANK, BRANCH = "30004", "00123"
FIRST, LAST = date(2019, 8, 1), date(2019, 10, 31)
# The last character of an amount carries its last digit and its sign.
CREDIT, DEBIT = "{ABCDEFGHI", "}JKLMNOPQR"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A bank account of the demonstration. `opening_cents` is its balance at the end of the day before FIRST."""

    key: str
    label: str
    number: str
    opening_cents: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the bank. `cents` is negative for a debit; `text` is the creditor's own words (LCC)."""

    account: str
    booked_on: date
    cents: int
    kind: str
    label: str
    creditor: str = ""
    mandate: str = ""
    text: str = ""


ACCOUNTS = (
    DemoAccount("main", "Compte courant", "00010024471", 1_203_514),
    DemoAccount("taxes", "Compte taxes", "00010030815", 40_000),
)


def movements() -> list[Movement]:
    """The lines of statement.csv, in the order of their days."""
    with LINES.open(encoding="utf-8", newline="") as file:
        return [
            Movement(
                account=row["account"],
                booked_on=date.fromisoformat(row["booked_on"]),
                cents=int(Decimal(row["amount"]) * 100),
                kind=row["kind"],
                label=row["label"],
                creditor=row["creditor"],
                mandate=row["mandate"],
                text=row["text"],
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def cfonb120(accounts: Sequence[DemoAccount] = ACCOUNTS, lines: Sequence[Movement] | None = None) -> bytes:
    """The file: one statement an account, 01 + Σ04 = 07."""
    found = movements() if lines is None else lines
    records = [
        record for account in accounts for record in _statement(account, [m for m in found if m.account == account.key])
    ]
    return "".join(f"{record:<120}\r\n" for record in records).encode("latin-1")


def _statement(account: DemoAccount, lines: Sequence[Movement]) -> Iterator[str]:
    closing = account.opening_cents + sum(line.cents for line in lines)
    yield _balance("01", account, FIRST - timedelta(days=1), account.opening_cents)
    for rank, line in enumerate(lines, start=1):
        yield _movement(account, line, rank)
        yield from (_complement(account, line, *pair) for pair in _complements(line))
    yield _balance("07", account, LAST, closing)


def _head(code: str, account: DemoAccount, kind: str = "") -> str:
    """Positions 1 to 34."""
    return f"{code}{BANK}{'':4}{BRANCH}EUR2 {account.number}{kind:2}"


def _balance(code: str, account: DemoAccount, on: date, cents: int) -> str:
    return f"{_head(code, account)}{on:%d%m%y}{'':50}{signed(cents)}"


def _movement(account: DemoAccount, line: Movement, rank: int) -> str:
    dated = f"{_head('04', account, line.kind)}{line.booked_on:%d%m%y}{'':2}{line.booked_on:%d%m%y}"
    return f"{dated}{line.label:<31}{'':2}{rank:07d}{'':2}{signed(line.cents)}"


def _complements(line: Movement) -> Iterator[tuple[str, str]]:
    """The 05 records that the line bears, as (qualifier, text)."""
    if line.text:
        yield "LCC", line.text
    if line.creditor:
        yield "IBE", line.creditor
    if line.mandate:
        yield "RUM", f"{line.mandate:<35}RCUR"


def _complement(account: DemoAccount, line: Movement, qualifier: str, text: str) -> str:
    return f"{_head('05', account, line.kind)}{line.booked_on:%d%m%y}{'':5}{qualifier}{text:<70}"


def signed(cents: int) -> str:
    """Fourteen characters: « 0000000001904} » is −190.40."""
    digits = f"{abs(cents):014d}"
    return digits[:-1] + (DEBIT if cents < 0 else CREDIT)[int(digits[-1])]
