"""What every reader gives back, whatever the bank's format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from banking.statements.account import AccountKey

AGAIN: Final = "Téléchargez à nouveau le relevé auprès de la banque."
FORMATS: Final = "Téléchargez le relevé au format CFONB ou OFX."

Need = Literal["account", "date_order"]
_TELLING: Final[dict[Need, str]] = {
    "account": "son compte (--account CLÉ)",
    "date_order": "l’ordre de ses dates, jour ou mois d’abord (--date-order dmy ou mdy)",
}


class UnreadableStatement(Exception):
    """A file that is refused whole. `message` is for the accountant, `place` is its line in the file, if it has one."""

    def __init__(self, message: str, place: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class NeedsTelling(UnreadableStatement):
    """A file that can be read once the accountant tells what it does not say: `needs`, of what `Told` holds.

    `hint` is what the file shows of its account (« ****1234 »), or nothing; `example` is one of its dates that reads
    both ways, where their order is open.
    """

    def __init__(self, needs: frozenset[Need], hint: str = "", example: str = "") -> None:
        self.needs = needs
        self.hint = hint
        self.example = example
        shown = f" Le fichier en montre « {hint} »." if hint else ""
        told = " et ".join(words for need, words in _TELLING.items() if need in needs)
        super().__init__(f"Refusé : le fichier ne dit pas tout. Indiquez {told}.{shown}")


@dataclass(frozen=True, slots=True)
class Complements:
    """What a bank adds to a line, in structured form; all optional."""

    payer: str = ""
    beneficiary: str = ""
    remittance: str = ""
    mandate: str = ""
    creditor_identifier: str = ""
    original_currency: str = ""
    original_cents: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One operation. `amount_cents` is in minor units of the statement's currency, a debit negative.

    `kind` is the interbank operation code or OFX's TRNTYPE; `bank_reference` is OFX's FITID, or nothing;
    `detail` is the full text, one piece a line; `line_number` counts from 1 in the file.
    """

    booked_on: date
    amount_cents: int
    label: str
    detail: str = ""
    value_on: date | None = None
    purchased_on: date | None = None
    kind: str = ""
    bank_reference: str = ""
    line_number: int = 0
    complements: Complements = field(default_factory=Complements)


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over one period; balances as printed, None where the file has none.

    `opening_on` is the day of the old balance in CFONB, CAMT and MT940 (its lines come after it, or on it), the first
    day of the period in OFX, QIF and CSV. `format` is at most 12 characters: « cfonb120 », « ofx », « camt053 »,
    « mt940 », « qif » or « csv ». In a stream, `lines` is empty: they came before; where `is_newest_first`, from the
    last to the first.
    """

    account: AccountKey
    currency: str
    opening_on: date | None
    opening_cents: int | None
    closing_on: date | None
    closing_cents: int | None
    lines: tuple[StatementLine, ...]
    format: str
    is_newest_first: bool = False

    @property
    def total_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


# A stream of events: the lines of each statement, then the statement itself.
Event = StatementLine | Statement


def gathered(events: Iterable[Event]) -> list[Statement]:
    """Each statement of a stream with its lines, oldest first."""
    statements: list[Statement] = []
    lines: list[StatementLine] = []
    for event in events:
        if isinstance(event, StatementLine):
            lines.append(event)
            continue
        ordered = reversed(lines) if event.is_newest_first else lines
        statements.append(replace(event, lines=tuple(ordered), is_newest_first=False))
        lines = []
    return statements


def one_line(text: str, limit: int | None = None) -> str:
    """`text` with every run of blanks as one space, at most `limit` characters."""
    return " ".join(text.split())[:limit].rstrip()


def pieces(texts: Sequence[str]) -> str:
    """The texts that say something, one a line, none twice."""
    return "\n".join(dict.fromkeys(text for text in texts if text))
