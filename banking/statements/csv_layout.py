"""Where each thing stands in the rows of one CSV file: a bank's profile or the accountant's mapping, on its header."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from banking.statements.amounts import Mark
from banking.statements.csv_mapping import ColumnMapping
from banking.statements.days import Order

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Places are columns from 0; of several, the first that is filled, but `label` and `detail` which are joined.

    `settled` and `dropped` are the folded values of the `status` column that are kept and left out. `is_debit_negative`
    is None where a bank writes its debits either way: then all of a file are alike. `bank_code` is the bank's where the
    file names an account by number alone. `preamble` finds named parts in the lines above the header.
    """

    order: Order
    booked_on: Places
    label: Places
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    is_debit_negative: bool | None = None
    mark: Mark | None = None
    value_on: int | None = None
    purchased_on: int | None = None
    detail: Places = ()
    counterparty: int | None = None
    reference: int | None = None
    bank_reference: int | None = None
    kind: int | None = None
    currency: int | None = None
    account: int | None = None
    bank_code: str = ""
    balance: int | None = None
    status: int | None = None
    settled: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    original_amount: int | None = None
    original_currency: int | None = None
    preamble: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One bank's layout, by the folded names of its columns (csv_mapping.folded_header). A bank is one of these.

    Each field names columns where Layout's has their places. A header fits where it has every column named here; where
    `is_exact`, no other column but the `beside` ones either: for names so plain that another bank may use them.
    """

    name: str
    order: Order
    booked_on: tuple[str, ...]
    label: tuple[str, ...]
    amount: str = ""
    debit: str = ""
    credit: str = ""
    is_debit_negative: bool | None = None
    mark: Mark | None = None
    value_on: str = ""
    purchased_on: str = ""
    detail: tuple[str, ...] = ()
    counterparty: str = ""
    reference: str = ""
    bank_reference: str = ""
    kind: str = ""
    currency: str = ""
    account: str = ""
    bank_code: str = ""
    balance: str = ""
    status: str = ""
    settled: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    original_amount: str = ""
    original_currency: str = ""
    preamble: tuple[re.Pattern[str], ...] = ()
    is_exact: bool = False
    beside: frozenset[str] = field(default_factory=frozenset)

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the profile names."""
        singles = (getattr(self, name) for name in _SINGLES)
        return frozenset([*self.booked_on, *self.label, *self.detail, *(name for name in singles if name)])

    def fits(self, header: tuple[str, ...]) -> bool:
        found = frozenset(header) - {""}
        return self.columns <= found and (not self.is_exact or found <= self.columns | self.beside)

    def layout(self, header: tuple[str, ...]) -> Layout:
        """The places of its columns under this header, which fits."""
        places: dict[str, Any] = {
            name: header.index(column) if (column := getattr(self, name)) else None for name in _SINGLES
        }
        for name in ("booked_on", "label", "detail"):
            places[name] = tuple(map(header.index, getattr(self, name)))
        return Layout(**places, **{name: getattr(self, name) for name in _ALIKE})


_SINGLES: Final = (
    "amount",
    "debit",
    "credit",
    "value_on",
    "purchased_on",
    "counterparty",
    "reference",
    "bank_reference",
    "kind",
    "currency",
    "account",
    "balance",
    "status",
    "original_amount",
    "original_currency",
)
_ALIKE: Final = ("order", "is_debit_negative", "mark", "bank_code", "settled", "dropped", "preamble")


def mapped_layout(mapping: ColumnMapping) -> Layout:
    return Layout(
        order=mapping.date_order,
        booked_on=(mapping.booked_on,),
        label=mapping.label,
        amount=mapping.amount,
        debit=mapping.debit,
        credit=mapping.credit,
        mark=mapping.decimal_mark,
        value_on=mapping.value_on,
        reference=mapping.reference,
        currency=mapping.currency,
        account=mapping.account,
        balance=mapping.balance,
    )
