"""CFONB 120, « relevé de compte »: records of 120 characters, 01 (04 05*)* 07 (CFONB v2.0; ETEBAC 3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.balances import Closed, checked
from banking.statements.cfonb120_complements import read_complements
from banking.statements.money import decimals_of, rescale
from banking.statements.source import Source, cut_lines, is_utf8
from banking.statements.statement import AGAIN, Event, Statement, StatementLine, UnreadableStatement, one_line

LENGTH: Final = 120
# Where no line breaks, the file is read by so many characters.
PIECE: Final = LENGTH * 512
MOST_ADDITIONS: Final = 1000

# The last character of an amount carries its last digit and its sign; é and è are { and } in French EBCDIC.
_DIGITS: Final = {char: (digit, 1) for digit, char in enumerate("{ABCDEFGHI")} | {
    char: (digit, -1) for digit, char in enumerate("}JKLMNOPQR")
}
_DIGITS.update({"é": (0, 1), "è": (0, -1)})
_CONTROLS: Final = dict.fromkeys([*range(10), 11, 12, *range(14, 32), 127], " ")
_DATE: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Record:
    """120 characters and the line of the file that they stand on."""

    text: str
    line: int

    def part(self, first: int, last: int) -> str:
        """Positions `first` to `last`, counted from 1 as the specification does, blanks trimmed."""
        return self.text[first - 1 : last].strip()

    @property
    def type(self) -> str:
        return self.text[:2]

    @property
    def account(self) -> tuple[str, str]:
        """Branch and number. The bank code is left out: a group's banks write each other's in one statement."""
        return self.part(12, 16), self.part(22, 32)

    @property
    def currency(self) -> str:
        return self.part(17, 19).upper()

    def refuse(self, reason: str) -> UnreadableStatement:
        return UnreadableStatement(f"Ligne {self.line} : {reason}", self.line)


def stream(source: Source) -> Iterator[Event]:
    """The statements of a file, in its order. Raises UnreadableStatement, and nothing else.

    A file where one 01 + Σ04 ≠ 07 is refused whole.
    """
    encoding = "utf-8-sig" if is_utf8(source) else "latin-1"
    is_empty = True
    for event in checked(_events(_records(source, encoding))):
        is_empty = False
        yield event
    if is_empty:
        raise UnreadableStatement(f"Refusé : ce fichier CFONB ne contient aucun relevé. {AGAIN}")


def _records(source: Source, encoding: str) -> Iterator[Record]:
    """Each record with its line; where lines break, they hold whole records, and where none does, all are in one."""
    has_breaks = _has_breaks(cut_lines(source, encoding, PIECE))
    number, length = 1, 0
    for cut in cut_lines(source, encoding, PIECE):
        piece = cut.translate(_CONTROLS).removesuffix("\n")
        length += len(piece)
        is_over = len(cut) < PIECE or cut.endswith("\n")
        if has_breaks and is_over and length % LENGTH and (length > PIECE or len(piece.rstrip()) > LENGTH):
            filled = length - len(piece) + len(piece.rstrip())
            raise UnreadableStatement(f"Ligne {number} : {filled} caractères au lieu de {LENGTH}. {AGAIN}", number)
        for start in range(0, len(piece), LENGTH):
            chunk = piece[start : start + LENGTH]
            if not chunk.isspace():
                yield Record(chunk.ljust(LENGTH), number)
        if is_over:
            number, length = number + 1, 0


def _has_breaks(cuts: Iterator[str]) -> bool:
    """True where more than one line says something."""
    said, is_said = 0, False
    for cut in cuts:
        is_said = is_said or not cut.translate(_CONTROLS).isspace()
        if cut.endswith("\n"):
            said, is_said = said + is_said, False
        if said + is_said > 1:
            return True
    return False


@dataclass(slots=True)
class Open:
    """The statement that is being read: its 01, its last 04 with the 05 that follow, the currency stated so far."""

    first: Record
    currency: str
    movement: Record | None = None
    additions: list[str] = field(default_factory=list)

    def take(self, record: Record) -> StatementLine | None:
        """The line that this record ends. Raises UnreadableStatement where it has no place here."""
        self._check(record)
        if record.type == "05":
            self.additions.append(record.text[40:118])
            return None
        ended = self.movement
        line = _line(ended, self.additions, self._settled_currency()) if ended else None
        self.movement, self.additions = (record if record.type == "04" else None), []
        return line

    def close(self, record: Record) -> Closed:
        currency = self._settled_currency()
        return Statement(
            account=AccountKey.from_rib(self.first.part(3, 7), *self.first.account),
            currency=currency,
            opening_on=_date(self.first, 35),
            opening_cents=_amount(self.first, currency),
            closing_on=_date(record, 35),
            closing_cents=_amount(record, currency),
            lines=(),
            format="cfonb120",
        ), record.line

    def _settled_currency(self) -> str:
        self.currency = self.currency or "EUR"
        return self.currency

    def _check(self, record: Record) -> None:
        if record.type == "01":
            raise record.refuse(
                f"un ancien solde (01) avant le nouveau solde (07) du relevé de la ligne {self.first.line}. {AGAIN}"
            )
        if record.type not in {"04", "05", "07"}:
            raise record.refuse(f"enregistrement « {record.type} » inconnu en CFONB 120. {AGAIN}")
        if record.type == "05" and self.movement is None:
            raise record.refuse(f"complément (05) sans son mouvement (04). {AGAIN}")
        if len(self.additions) > MOST_ADDITIONS:
            raise record.refuse(f"plus de {MOST_ADDITIONS} compléments (05) d’un mouvement. {AGAIN}")
        if record.account != self.first.account:
            other, own = " ".join(record.account), " ".join(self.first.account)
            raise record.refuse(f"compte « {other} » dans le relevé du compte « {own} ». {AGAIN}")
        stated = record.currency
        if stated and self.currency and stated != self.currency:
            raise record.refuse(f"devise « {stated} » dans un relevé en {self.currency}. {AGAIN}")
        self.currency = self.currency or stated


def _events(records: Iterator[Record]) -> Iterator[StatementLine | Closed]:
    """The lines of each statement, from its 01 to its 07, then the statement."""
    statement: Open | None = None
    for record in records:
        if statement is None:
            statement = _begun(record)
            continue
        if line := statement.take(record):
            yield line
        if record.type == "07":
            yield statement.close(record)
            statement = None
    if statement:
        raise statement.first.refuse(f"relevé coupé, son nouveau solde (07) manque. {AGAIN}")


def _begun(record: Record) -> Open:
    if record.type != "01":
        raise record.refuse(f"enregistrement « {record.type} » hors d’un relevé, son ancien solde (01) manque. {AGAIN}")
    if not record.account[1]:
        raise record.refuse(f"numéro de compte vide. {AGAIN}")
    return Open(record, record.currency)


def _line(record: Record, additions: list[str], currency: str) -> StatementLine:
    label = one_line(record.part(49, 79))
    complements, detail = read_complements(label, additions, reference=record.part(105, 120))
    value = record.part(43, 48)
    return StatementLine(
        booked_on=_date(record, 35),
        value_on=_date(record, 43) if value.strip("0") else None,
        amount_cents=_amount(record, currency),
        label=label or detail.partition("\n")[0] or record.part(33, 34),
        detail=detail,
        kind=record.part(33, 34),
        line_number=record.line,
        complements=complements,
    )


def _date(record: Record, first: int) -> date:
    """JJMMAA; 80 to 99 are of the last century."""
    text = record.part(first, first + 5)
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        year = int(text[4:])
        return date(year + (1900 if year >= 80 else 2000), int(text[2:4]), int(text[:2]))
    except ValueError:
        raise record.refuse(f"date « {text} » illisible, JJMMAA attendu. {AGAIN}") from None


def _amount(record: Record, currency: str) -> int:
    """Positions 91–104 in minor units of the currency: thirteen digits, then digit and sign in one character."""
    text, places = record.part(91, 104), record.part(20, 20)
    head, tail = text[:-1], _DIGITS.get(text[-1:])
    if tail is None or not re.fullmatch("[0-9]*", head) or not re.fullmatch("[0-9]?", places):
        raise record.refuse(f"montant « {text} » illisible. {AGAIN}")
    digit, sign = tail
    decimals = decimals_of(currency)
    cents = rescale(sign * int(f"{head}{digit}"), int(places or decimals), decimals)
    if cents is None:
        raise record.refuse(f"montant « {text} » plus fin que le centime. {AGAIN}")
    return cents
