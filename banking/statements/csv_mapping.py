"""How the accountant says, once, what the columns of an unknown bank's CSV mean."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from banking.statements.amounts import Mark
from banking.statements.days import Order

_ORDERS: Final = ("dmy", "mdy", "ymd")
_PLACES: Final = ("value_on", "amount", "debit", "credit", "balance", "reference", "currency", "account")


def folded_header(header: Sequence[str]) -> tuple[str, ...]:
    """Each column's name without accents, case or punctuation: « Montant(EUROS) » → « montant euros »."""
    return tuple(_folded(name) for name in header)


def _folded(name: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join(re.sub("[^0-9a-z]+", " ", bare.casefold()).split())


def header_fingerprint(header: Sequence[str]) -> str:
    """SHA-256, in hexadecimal, of the folded names in their order: what a mapping is kept under."""
    return hashlib.sha256("\x1f".join(folded_header(header)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Places are columns from 0. Either `amount`, signed, or `debit` and `credit`, or one of them.

    The values of `debit` are all positive or all negative in a file. `balance` is the one after each line.
    `decimal_mark` is None where the amounts tell it. Raises ValueError, in French, where it cannot serve.
    """

    fingerprint: str
    booked_on: int
    label: tuple[int, ...]
    date_order: Order
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    value_on: int | None = None
    balance: int | None = None
    reference: int | None = None
    currency: int | None = None
    account: int | None = None
    decimal_mark: Mark | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.date_order not in _ORDERS or self.decimal_mark not in (None, ",", "."):
            raise ValueError("L’ordre des dates est dmy, mdy ou ymd, et la marque décimale « , » ou « . ».")
        if not self.label:
            raise ValueError("Indiquez la colonne du libellé.")
        has_sides = self.debit is not None or self.credit is not None
        if (self.amount is not None) == has_sides:
            raise ValueError("Indiquez une colonne Montant, ou les colonnes Débit et Crédit.")
        if len(set(self._places())) != len(self._places()) or min(self._places()) < 0:
            raise ValueError("Une colonne ne peut avoir deux sens.")

    def _places(self) -> list[int]:
        told = (getattr(self, name) for name in _PLACES)
        return [self.booked_on, *self.label, *(place for place in told if place is not None)]

    def fits(self, header: Sequence[str]) -> bool:
        return self.fingerprint == header_fingerprint(header) and max(self._places()) < len(header)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads back, of text, whole numbers and lists alone."""
        return asdict(self) | {"label": list(self.label)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Raises ValueError, in French, on anything that `as_json` did not write."""
        try:
            mapping = cls(**(stored | {"label": tuple(stored["label"])}))
            numbers = mapping._places()
        except (TypeError, KeyError) as error:
            raise ValueError("Ce modèle de colonnes est illisible. Enregistrez-le à nouveau.") from error
        if not all(type(number) is int for number in numbers) or not isinstance(mapping.fingerprint, str):
            raise ValueError("Ce modèle de colonnes est illisible. Enregistrez-le à nouveau.")
        return mapping
