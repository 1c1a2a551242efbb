"""MT940, SWIFT's customer statement: the `mt-940` library reads the fields, we check what it would let pass.

The library mends a 30 February, and takes « 12.34 » for 12 followed by a reference: each field is checked first.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from mt940.models import Amount, Balance, Transactions
from mt940.options import Options
from mt940.tags import TAG_BY_ID

from banking.statements.account import AccountKey
from banking.statements.balances import check_balance
from banking.statements.csv_table import decode
from banking.statements.money import decimals_of
from banking.statements.statement import AGAIN, Statement, StatementLine, UnreadableStatement
from banking.statements.swift_details import read_details

# It logs what it cannot read, and a bank line has no place in a log.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

OPTIONS: Final = Options.all()
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_TAG: Final = re.compile(r":([0-9]{2}[A-Z]?|NS):(.*)")
# Lines of SWIFT's envelope, not of the statement: « {1:…}{4: » and « {4: » open a message, « -} » and « - » or « -XXX »
# close it.
_ENVELOPE: Final = re.compile(r"\{[0-9]:.*\{4:\s*$|\{4:\s*$|-\}.*$|-(?:XXX)?$")
_BALANCE: Final = re.compile(r"[CD][0-9]{6}[A-Z]{3}[0-9]{1,15},[0-9]{0,3}")
_ENTRY: Final = re.compile(
    r"[0-9]{6}(?:[0-9]{4}| {4})?R?[CD][A-Z]?[ \n]?[0-9]{1,15},[0-9]{0,3}(?:[A-Z/\n].*)?", re.DOTALL
)
_OPENINGS: Final = ("60F", "60M", "60")
_CLOSINGS: Final = ("62F", "62M", "62")


@dataclass(slots=True)
class Field:
    """A field of a message: « 61 », its text without the tag, the line of the file where it begins."""

    tag: str
    text: str
    line: int
    more: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return "\n".join([self.text, *self.more]).strip()

    def refuse(self, reason: str) -> UnreadableStatement:
        return UnreadableStatement(f"Ligne {self.line} : {reason}. {AGAIN}", self.line)


def read(data: bytes) -> list[Statement]:
    """The statements of a file, in its order, the pages of one (:60M:, :62M:) each by itself.

    Raises UnreadableStatement, and nothing else: a file where one :60: + Σ:61: is not its :62: is refused whole.
    """
    messages = list(_messages(_fields(decode(data))))
    if not messages:
        raise UnreadableStatement(f"Refusé : ce fichier MT940 ne contient aucun relevé (:20:). {AGAIN}")
    statements = [_statement(message) for message in messages]
    for statement, message in zip(statements, messages, strict=True):
        check_balance(statement, _one(message, _CLOSINGS).line, is_alone=len(messages) == 1)
    return statements


def _fields(text: str) -> Iterator[Field]:
    current: Field | None = None
    for number, line in enumerate(_BREAK.split(text), start=1):
        line = line.rstrip()
        if found := _TAG.match(line):
            if current:
                yield current
            current = Field(found[1], found[2], number)
        elif _ENVELOPE.match(line):
            if current:
                yield current
            current = None
        elif current and line:
            current.more.append(line)
    if current:
        yield current


def _messages(fields: Iterator[Field]) -> Iterator[list[Field]]:
    message: list[Field] = []
    for one in fields:
        if one.tag == "20":
            if message:
                yield message
            message = []
        elif not message:
            raise one.refuse(f"champ :{one.tag}: avant le début d’un relevé (:20:)")
        message.append(one)
    if message:
        yield message


def _statement(message: Sequence[Field]) -> Statement:
    opening_on, opening, currency = _balance(_one(message, _OPENINGS))
    closing = _one(message, _CLOSINGS)
    closing_on, closing_amount, closing_currency = _balance(closing)
    if closing_currency != currency:
        raise closing.refuse(f"solde en {closing_currency} dans un compte en {currency}")
    return Statement(
        account=_account(_one(message, ("25", "25P"))),
        currency=currency,
        opening_on=opening_on,
        opening_cents=opening,
        closing_on=closing_on,
        closing_cents=closing_amount,
        lines=tuple(_lines(message, currency)),
        format="mt940",
    )


def _one(message: Sequence[Field], tags: Sequence[str]) -> Field:
    """The one field of these tags. Raises UnreadableStatement where there is none, or two."""
    found = [one for one in message if one.tag in tags]
    if not found:
        raise message[0].refuse(f"le champ :{tags[0]}: manque au relevé")
    if len(found) > 1:
        raise found[1].refuse(
            f"deux champs :{found[1].tag}: dans un relevé (lignes {found[0].line} et {found[1].line})"
        )
    return found[0]


def _account(account: Field) -> AccountKey:
    """« FR76… », « 30004/00012345678 », « BNPAFRPPXXX/FR76…EUR »: an IBAN, a bank and a number, or a number."""
    text = re.sub(r"(?<=[0-9])[A-Z]{3}$", "", account.whole.split("\n")[0].strip().upper())
    bank, _, number = text.rpartition("/")
    key = AccountKey.from_ofx(bank, "", number)
    if not key.last_four:
        raise account.refuse("le relevé ne nomme pas son compte (:25:)")
    return key


def _balance(balance: Field) -> tuple[date, int, str]:
    text = balance.text.replace(" ", "")
    if not _BALANCE.fullmatch(text):
        raise balance.refuse(f"solde « {text[:40]} » illisible")
    read_one = cast(Balance, next(iter(_value(balance, text, Transactions(options=OPTIONS)).values())))
    amount, day = read_one.amount, read_one.date
    if not isinstance(amount, Amount) or day is None or not amount.currency:
        raise balance.refuse(f"solde « {text[:40]} » illisible")
    return date(day.year, day.month, day.day), _cents(balance, amount, amount.currency), amount.currency


def _lines(message: Sequence[Field], currency: str) -> Iterator[StatementLine]:
    """Each :61: with the :86: (and the bank's own :NS:) that follow it."""
    entry: Field | None = None
    details: list[Field] = []
    for one in message:
        if one.tag in {"86", "NS"}:
            details.append(one)
            continue
        if entry:
            yield _line(entry, details, currency)
        entry, details = (one if one.tag == "61" else None), []
    if entry:
        yield _line(entry, details, currency)


def _line(entry: Field, details: Sequence[Field], currency: str) -> StatementLine:
    text = entry.whole
    if not _ENTRY.fullmatch(text):
        raise entry.refuse(f"opération « {text[:40]} » illisible, AAMMJJ, C ou D, puis montant attendus")
    told = _value(entry, text, Transactions(options=OPTIONS))
    value, booked = told["date"], told.get("entry_date")
    references = [told.get(name) or "" for name in ("customer_reference", "bank_reference", "extra_details")]
    label, detail, complements = read_details(
        [(one.tag, one.whole) for one in details], references, is_credit=told["amount"].amount > 0
    )
    return StatementLine(
        booked_on=_day(booked) if isinstance(booked, date) else _day(value),
        value_on=_day(value),
        amount_cents=_cents(entry, told["amount"], currency),
        label=label,
        detail=detail,
        kind=(told.get("id") or "").strip(),
        bank_reference=references[1].strip(),
        line_number=entry.line,
        complements=complements,
    )


def _value(one: Field, text: str, scope: Transactions) -> dict[str, Any]:
    """What the library makes of a field. Its errors become ours: a date that is none, a field it does not match."""
    tag = TAG_BY_ID.get(one.tag) or TAG_BY_ID[int(one.tag[:2])]
    try:
        return tag(scope, tag.parse(scope, text))
    except (RuntimeError, ValueError, ArithmeticError, TypeError, AttributeError, KeyError):
        raise one.refuse(f"champ :{one.tag}: « {text[:40]} » illisible, sa date ou son montant n’existe pas") from None


def _day(day: date) -> date:
    return date(day.year, day.month, day.day)


def _cents(one: Field, amount: Amount, currency: str) -> int:
    cents = amount.amount * Decimal(10) ** decimals_of(currency)
    if cents != cents.to_integral_value():
        raise one.refuse(f"montant « {amount.amount} » plus fin que le centime")
    return int(cents)
