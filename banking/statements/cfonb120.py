"""CFONB 120, « relevé de compte »: records of 120 characters, 01 (04 05*)* 07 (CFONB v2.0; ETEBAC 3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.balances import check_balance
from banking.statements.cfonb120_complements import read_complements
from banking.statements.money import decimals_of, rescale
from banking.statements.statement import AGAIN, Statement, StatementLine, UnreadableStatement, one_line

LENGTH: Final = 120

# The last character of an amount carries its last digit and its sign; é and è are { and } in French EBCDIC.
_DIGITS: Final = {char: (digit, 1) for digit, char in enumerate("{ABCDEFGHI")} | {
    char: (digit, -1) for digit, char in enumerate("}JKLMNOPQR")
}
_DIGITS.update({"é": (0, 1), "è": (0, -1)})
_CONTROLS: Final = dict.fromkeys([*range(10), 11, 12, *range(14, 32), 127], " ")
_BREAK: Final = re.compile(r"\r\n|\n|\r")
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


def read(data: bytes) -> list[Statement]:
    """The statements of a file, in its order. Raises UnreadableStatement, and nothing else.

    A file where one 01 + Σ04 ≠ 07 is refused whole.
    """
    read_ones = [(_statement(group), group[-1].line) for group in _groups(_records(_decode(data)))]
    if not read_ones:
        raise UnreadableStatement(f"Refusé : ce fichier CFONB ne contient aucun relevé. {AGAIN}")
    for statement, line in read_ones:
        check_balance(statement, line, is_alone=len(read_ones) == 1)
    return [statement for statement, _ in read_ones]


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.translate(_CONTROLS)


def _records(text: str) -> Iterator[Record]:
    lines = _BREAK.split(text)
    has_breaks = sum(not line.isspace() for line in lines if line) > 1
    for number, line in enumerate(lines, start=1):
        stripped = line.rstrip()
        if has_breaks and len(stripped) > LENGTH and len(line) % LENGTH:
            raise UnreadableStatement(
                f"Ligne {number} : {len(stripped)} caractères au lieu de {LENGTH}. {AGAIN}", number
            )
        for start in range(0, len(stripped), LENGTH):
            chunk = stripped[start : start + LENGTH].ljust(LENGTH)
            if not chunk.isspace():
                yield Record(chunk, number)


def _groups(records: Iterator[Record]) -> Iterator[list[Record]]:
    """The records of each statement, from its 01 to its 07."""
    group: list[Record] = []
    for record in records:
        if record.type == "01" and group:
            raise record.refuse(
                f"un ancien solde (01) avant le nouveau solde (07) du relevé de la ligne {group[0].line}. {AGAIN}"
            )
        if record.type != "01" and not group:
            raise record.refuse(
                f"enregistrement « {record.type} » hors d’un relevé, son ancien solde (01) manque. {AGAIN}"
            )
        group.append(record)
        _check_place(group)
        if record.type == "07":
            yield group
            group = []
    if group:
        raise group[0].refuse(f"relevé coupé, son nouveau solde (07) manque. {AGAIN}")


def _check_place(group: list[Record]) -> None:
    record = group[-1]
    if record.type not in {"01", "04", "05", "07"}:
        raise record.refuse(f"enregistrement « {record.type} » inconnu en CFONB 120. {AGAIN}")
    if record.type == "05" and group[-2].type == "01":
        raise record.refuse(f"complément (05) sans son mouvement (04). {AGAIN}")
    if record.account != group[0].account:
        other, own = " ".join(record.account), " ".join(group[0].account)
        raise record.refuse(f"compte « {other} » dans le relevé du compte « {own} ». {AGAIN}")


def _statement(group: list[Record]) -> Statement:
    first, last = group[0], group[-1]
    currency = next((record.currency for record in group if record.currency), "EUR")
    for record in group:
        if record.currency not in {"", currency}:
            raise record.refuse(f"devise « {record.currency} » dans un relevé en {currency}. {AGAIN}")
    if not first.account[1]:
        raise first.refuse(f"numéro de compte vide. {AGAIN}")
    return Statement(
        account=AccountKey.from_rib(first.part(3, 7), *first.account),
        currency=currency,
        opening_on=_date(first, 35),
        opening_cents=_amount(first, currency),
        closing_on=_date(last, 35),
        closing_cents=_amount(last, currency),
        lines=tuple(_lines(group, currency)),
        format="cfonb120",
    )


def _lines(group: list[Record], currency: str) -> Iterator[StatementLine]:
    movement: Record | None = None
    additions: list[str] = []
    for record in group[1:]:
        if record.type == "05":
            additions.append(record.text[40:118])
            continue
        if movement:
            yield _line(movement, additions, currency)
        movement, additions = record, []


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
