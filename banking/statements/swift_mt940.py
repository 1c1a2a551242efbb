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
from banking.statements.balances import Closed, checked
from banking.statements.money import decimals_of
from banking.statements.source import Source, encoding_of, lines, refuse_zeros
from banking.statements.statement import AGAIN, Event, Statement, StatementLine, UnreadableStatement
from banking.statements.swift_details import read_details

# It logs what it cannot read, and a bank line has no place in a log.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

OPTIONS: Final = Options.all()
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
_ACCOUNTS: Final = ("25", "25P")
_DETAILS: Final = frozenset({"86", "NS"})
# A field that stands once in a message, by the first of its names.
_ONCE: Final = {tag: tags[0] for tags in (_OPENINGS, _CLOSINGS, _ACCOUNTS) for tag in tags}
# Of a field, and fields of an operation.
MOST_LINES: Final = 1000


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


def stream(source: Source) -> Iterator[Event]:
    """The statements of a file, in its order, the pages of one (:60M:, :62M:) each by itself.

    Raises UnreadableStatement, and nothing else: a file where one :60: + Σ:61: is not its :62: is refused whole.
    """
    encoding = encoding_of(source)
    refuse_zeros(source, encoding)
    is_empty = True
    for event in checked(_events(_fields(lines(source, encoding)))):
        is_empty = False
        yield event
    if is_empty:
        raise UnreadableStatement(f"Refusé : ce fichier MT940 ne contient aucun relevé (:20:). {AGAIN}")


def _fields(texts: Iterator[str]) -> Iterator[Field]:
    current: Field | None = None
    for number, text in enumerate(texts, start=1):
        line = text.rstrip()
        found = _TAG.match(line)
        if found or _ENVELOPE.match(line):
            if current:
                yield current
            current = Field(found[1], found[2], number) if found else None
        elif current and line:
            current.more.append(line)
            if len(current.more) > MOST_LINES:
                raise current.refuse(f"champ :{current.tag}: de plus de {MOST_LINES} lignes")
    if current:
        yield current


@dataclass(slots=True)
class Message:
    """A statement that is being read: its :20:, the fields that stand in it once, and its last :61: with the :86:."""

    start: Field
    known: dict[str, Field] = field(default_factory=dict)
    entry: Field | None = None
    details: list[Field] = field(default_factory=list)
    currency: str = ""

    def take(self, one: Field) -> StatementLine | None:
        """The line that this field ends. Raises UnreadableStatement."""
        if one.tag in _DETAILS:
            if len(self.details) == MOST_LINES:
                raise one.refuse(f"plus de {MOST_LINES} champs :{one.tag}: pour une opération")
            self.details.append(one)
            return None
        line = self.ended_line()
        if one.tag == "61":
            self.entry = one
            self.currency = self.currency or _balance(self.one(_OPENINGS))[2]
        self._keep(one)
        return line

    def _keep(self, one: Field) -> None:
        name = _ONCE.get(one.tag)
        if name and (before := self.known.setdefault(name, one)) is not one:
            raise one.refuse(f"deux champs :{one.tag}: dans un relevé (lignes {before.line} et {one.line})")

    def ended_line(self) -> StatementLine | None:
        """The last :61: with the :86: (and the bank's own :NS:) that follow it."""
        line = _line(self.entry, self.details, self.currency) if self.entry else None
        self.entry, self.details = None, []
        return line

    def one(self, tags: Sequence[str]) -> Field:
        """The one field of these tags. Raises UnreadableStatement where there is none."""
        if found := self.known.get(tags[0]):
            return found
        raise self.start.refuse(f"le champ :{tags[0]}: manque au relevé")

    def close(self) -> Closed:
        opening_on, opening, currency = _balance(self.one(_OPENINGS))
        closing = self.one(_CLOSINGS)
        closing_on, closing_amount, closing_currency = _balance(closing)
        if closing_currency != currency:
            raise closing.refuse(f"solde en {closing_currency} dans un compte en {currency}")
        return Statement(
            account=_account(self.one(_ACCOUNTS)),
            currency=currency,
            opening_on=opening_on,
            opening_cents=opening,
            closing_on=closing_on,
            closing_cents=closing_amount,
            lines=(),
            format="mt940",
        ), closing.line


def _events(fields: Iterator[Field]) -> Iterator[StatementLine | Closed]:
    """The lines of each message, from a :20: to the next, then its statement."""
    message: Message | None = None
    for one in fields:
        if one.tag == "20":
            yield from _ended(message)
            message = Message(one)
        elif message is None:
            raise one.refuse(f"champ :{one.tag}: avant le début d’un relevé (:20:)")
        elif line := message.take(one):
            yield line
    yield from _ended(message)


def _ended(message: Message | None) -> Iterator[StatementLine | Closed]:
    if message:
        if line := message.ended_line():
            yield line
        yield message.close()


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
