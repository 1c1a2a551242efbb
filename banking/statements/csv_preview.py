"""What a mapping would read of the first rows of a CSV, and which columns its header lets one suppose. Pure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.csv_mapping import ColumnMapping, folded_header
from banking.statements.csv_reading import read_csv
from banking.statements.days import Order, orders_of, to_day
from banking.statements.told import Told

SOMEBODY: Final = AccountKey(iban="APERCU")
# The first that fits a folded name; a meaning is supposed of one column.
_NAMES: Final = (
    ("value_on", ("valeur",)),
    ("booked_on", ("date", "jour")),
    ("debit", ("debit", "sortie", "depense")),
    ("credit", ("credit", "entree", "recette")),
    ("balance", ("solde",)),
    ("amount", ("montant", "amount")),
    ("reference", ("reference", "ref")),
    ("label", ("libelle", "intitule", "description", "objet", "operation", "nature", "detail")),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """How many rows have a date, and what they add up to, in minor units."""

    lines: int
    total_cents: int
    currency: str


def preview(mapping: ColumnMapping, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Preview:
    """Read these rows as the file will be. Raises UnreadableStatement."""
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    told = Told(account=SOMEBODY)
    statements = read_csv(text.getvalue().encode(), told=told, mapping=mapping)
    lines = sum(len(statement.lines) for statement in statements)
    return Preview(lines, sum(statement.total_cents for statement in statements), statements[0].currency)


def supposed_columns(header: Sequence[str]) -> dict[int, str]:
    """Place → meaning, where the column's name says it; a person confirms."""
    found: dict[int, str] = {}
    for place, name in enumerate(folded_header(header)):
        meaning = next((meaning for meaning, words in _NAMES if any(word in name for word in words)), "")
        if meaning and (meaning == "label" or meaning not in found.values()):
            found[place] = meaning
    if {"debit", "credit"} & set(found.values()):
        found = {place: meaning for place, meaning in found.items() if meaning != "amount"}
    return found


def supposed_order(days: Sequence[str]) -> Order | None:
    """The only order in which every one of these dates is a day; None where two would do, or none."""
    filled = [day for day in days if day]
    if filled and all(to_day(day, "ymd") for day in filled):
        return "ymd"
    allowed = [orders_of(day) for day in filled]
    common = frozenset.intersection(*allowed) if allowed else frozenset()
    return next(iter(common)) if len(common) == 1 else None
