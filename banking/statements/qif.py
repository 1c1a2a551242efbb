"""QIF, Quicken's exchange format: neither account, currency, balance nor order of the dates. Of last resort."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, cast

from banking.statements.account import AccountKey
from banking.statements.amounts import UnreadableAmount, to_cents
from banking.statements.days import orders_of, to_day
from banking.statements.money import in_words
from banking.statements.source import LONGEST_LINE, Source, encoding_of, lines, refuse_zeros
from banking.statements.statement import (
    AGAIN,
    Complements,
    Event,
    Need,
    NeedsTelling,
    Statement,
    StatementLine,
    UnreadableStatement,
    one_line,
    pieces,
)
from banking.statements.tally import Tally
from banking.statements.told import NOTHING_TOLD, Told

LABEL_LENGTH: Final = 200
MOST_PARTS: Final = 10_000
_ACCOUNTS: Final = {"!type:bank", "!type:ccard", "!type:cash"}
_WORDS: Final = {"dmy": "jour", "mdy": "mois"}


@dataclass(slots=True)
class Record:
    """The fields of one operation by their letter, and those of its splits in their order."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    splits: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, reason: str) -> UnreadableStatement:
        return UnreadableStatement(f"Ligne {self.line} : {reason}. {AGAIN}", self.line)


def stream(source: Source, told: Told = NOTHING_TOLD) -> Iterator[Event]:
    """The one statement of a file, read twice: the order of its dates first. Raises UnreadableStatement, nothing else.

    NeedsTelling where no account is told, or where every date reads both ways and no order is told.
    """
    encoding = encoding_of(source)
    refuse_zeros(source, encoding)
    days = _days(_records(lines(source, encoding)))
    if not days.count:
        raise UnreadableStatement(f"Refusé : ce fichier QIF ne contient aucune opération. {AGAIN}")
    order = told.date_order or days.order()
    if told.account is None or order is None:
        needs: set[Need] = {"account"} if told.account is None else set()
        if order:
            raise NeedsTelling(frozenset(needs))
        raise NeedsTelling(frozenset(needs | {"date_order"}), example=days.example)
    tally = Tally()
    for record in _records(lines(source, encoding)):
        yield tally.add(_line(record, order, told.currency))
    yield _statement(told.account, tally, told.currency)


def _statement(account: AccountKey, tally: Tally, currency: str) -> Statement:
    return Statement(
        account=account,
        currency=currency,
        opening_on=tally.earliest,
        opening_cents=None,
        closing_on=tally.latest,
        closing_cents=None,
        lines=(),
        format="qif",
        is_newest_first=tally.is_newest_first,
    )


def _records(texts: Iterator[str]) -> Iterator[Record]:
    record = Record(0)
    is_account = seen = False
    for number, text in enumerate(texts, start=1):
        line = text.removesuffix("\n")
        letter, value = line[:1], line[1:].strip()
        if letter == "!":
            is_account = _opens_account(line, number, seen=seen)
            seen = seen or is_account
        elif letter == "^":
            if record.fields and is_account:
                yield record
            record = Record(0)
        elif line.strip() and is_account:
            _keep(record, letter, value, number)
    if record.fields and is_account:
        raise record.refuse("opération coupée, sa fin « ^ » manque")


def _opens_account(line: str, number: int, *, seen: bool) -> bool:
    """True where operations of a bank account follow; lists of accounts, categories and options are passed over."""
    name = line.strip().casefold()
    if name in _ACCOUNTS:
        if seen:
            raise UnreadableStatement(f"Ligne {number} : un second compte. Exportez un compte à la fois.", number)
        return True
    if name.startswith("!type:") and name not in {"!type:cat", "!type:class", "!type:memorized"}:
        raise UnreadableStatement(
            f"Ligne {number} : « {line.strip()[:40]} » n’est pas un compte bancaire (!Type:Bank ou !Type:CCard).",
            number,
        )
    return False


def _keep(record: Record, letter: str, value: str, number: int) -> None:
    if not record.fields:
        record.line = number
    if len(record.splits) > MOST_PARTS or len(record.fields.get(letter, "")) > LONGEST_LINE:
        raise record.refuse("opération trop longue pour un relevé")
    if letter in "SE$%":
        record.splits.append((letter, value))
    elif letter in record.fields and letter in "DT":
        raise record.refuse(f"deux valeurs « {letter} » dans une opération, lignes {record.line} et {number}")
    else:
        record.fields[letter] = f"{record.fields[letter]} {value}" if letter in record.fields else value


@dataclass(slots=True)
class Days:
    """What the dates of a file say of their order: of each one that a day over 12 proves, the first such record.

    `example` is the first date that reads both ways, `unreadable` the first that reads neither.
    """

    count: int = 0
    proved: dict[str, Record] = field(default_factory=dict)
    example: str = ""
    unreadable: Record | None = None

    def add(self, record: Record) -> None:
        self.count += 1
        text = record.fields.get("D", "")
        allowed = orders_of(text)
        if not allowed:
            self.unreadable = self.unreadable or record
        elif len(allowed) == 1:
            self.proved.setdefault(next(iter(allowed)), record)
        elif not self.example and to_day(text, "dmy") != to_day(text, "mdy"):
            self.example = text

    def order(self) -> Literal["dmy", "mdy"] | None:
        """The order that some day over 12 proves and none contradicts; None where some date reads both ways."""
        if self.unreadable:
            raise self.unreadable.refuse(f"date « {self.unreadable.fields.get('D', '')[:40]} » illisible")
        if len(self.proved) == 2:
            one, other = sorted(self.proved.values(), key=lambda record: record.line)
            raise other.refuse(
                f"date « {other.fields['D']} » contraire à l’ordre de « {one.fields['D']} » (ligne {one.line})"
            )
        return cast('Literal["dmy", "mdy"] | None', next(iter(self.proved), None if self.example else "dmy"))


def _days(records: Iterator[Record]) -> Days:
    days = Days()
    for record in records:
        days.add(record)
    return days


def _line(record: Record, order: Literal["dmy", "mdy"], currency: str) -> StatementLine:
    payee, memo = one_line(record.fields.get("P", "")), one_line(record.fields.get("M", ""))
    number = one_line(record.fields.get("N", ""))
    label = payee if memo.casefold() in payee.casefold() else f"{payee} {memo}".strip()
    cents = _amount(record, "T" if "T" in record.fields else "U", currency)
    _check_splits(record, cents, currency)
    return StatementLine(
        booked_on=_day(record, order),
        amount_cents=cents,
        label=one_line(label or number, LABEL_LENGTH) or "Sans libellé",
        detail=pieces([label, number, *(one_line(text) for letter, text in record.splits if letter == "E")]),
        line_number=record.line,
        complements=Complements(reference=number),
    )


def _day(record: Record, order: Literal["dmy", "mdy"]) -> date:
    text = record.fields.get("D", "")
    day = to_day(text, order)
    if day is None:
        raise record.refuse(f"date « {text[:40]} » illisible, le {_WORDS[order]} attendu d’abord")
    return day


def _amount(record: Record, letter: str, currency: str) -> int:
    text = record.fields.get(letter, "")
    if not text:
        raise record.refuse("montant absent")
    return _cents(record, text, currency)


def _cents(record: Record, text: str, currency: str) -> int:
    try:
        return to_cents(text, currency)
    except UnreadableAmount as reason:
        raise record.refuse(f"montant « {text[:40]} » {reason}") from None


def _check_splits(record: Record, cents: int, currency: str) -> None:
    """The parts ($) of an operation make its amount (T)."""
    parts = [_cents(record, text, currency) for letter, text in record.splits if letter == "$"]
    if parts and sum(parts) != cents:
        raise record.refuse(
            f"les ventilations font {in_words(sum(parts), currency)} au lieu de {in_words(cents, currency)}"
        )
