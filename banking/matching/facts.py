"""What the engine is told and what it answers. Money in integer cents, dates given, nothing read from a clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from banking.matching.weights import UNTRAINED, Weights

State = Literal["auto", "suggested"]


@dataclass(frozen=True, slots=True)
class InvoiceFact:
    """One open invoice.

    `cents` is what is left to pay: positive for an invoice, negative for a credit note.
    `payer` names the person who advanced it, whom the company refunds; `is_deferred` says that its card posts once a
    month. `other_names` are those under which the supplier is known besides. `account_keys` are the bank accounts that
    may pay it; empty means unknown.
    `vetoes` are the codes of what forbids an automatic match (see `reasons.VETOES`). `makes_series` says that its
    payment tells how late other months of it are paid: so do a known supplier's invoices, and no receipts.
    """

    id: str
    issued_on: date
    cents: int
    supplier: str
    due_on: date | None = None
    paid_on: date | None = None
    currency: str = "EUR"
    supplier_key: str = ""
    other_names: tuple[str, ...] = ()
    number: str = ""
    method_last_four: str = ""
    payer: str = ""
    is_deferred: bool = False
    account_keys: frozenset[str] = frozenset()
    is_off_bank: bool = False
    vetoes: frozenset[str] = frozenset()
    makes_series: bool = True


def supplier_key(invoice: InvoiceFact) -> str:
    """What tells one supplier from another."""
    return invoice.supplier_key or invoice.supplier


@dataclass(frozen=True, slots=True)
class TransactionFact:
    """One open bank line. `cents` is what is left to allocate: negative for a debit."""

    id: str
    account_id: str
    booked_on: date
    cents: int
    label: str
    value_on: date | None = None
    currency: str = "EUR"
    original_cents: int | None = None
    original_currency: str = ""
    creditor_identifier: str = ""
    bank_reference: str = ""
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What only the whole company tells, however little of it is asked about.

    `suppliers` are all the names under which something is open, `seen` in how many different cores of labels each word
    stands, `numbers` those of the open documents. Words and numbers that nothing asked about can need may be left out.
    """

    suppliers: frozenset[str]
    seen: Mapping[str, int]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Memory:
    """What people said before. `aliases` maps a label's folded core, or a SEPA creditor, to its supplier's key.

    To `doubted` pairs somebody said no and took it back: they may be suggested, and are never made by the machine.
    `lags` are the days from document to bank of what is matched already, by the supplier's key and the cents that were
    open: other months of a series.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    refused: frozenset[tuple[str, str]] = frozenset()
    lags: Mapping[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    doubted: frozenset[tuple[str, str]] = frozenset()

    def supplier_of(self, creditor: str, core: str) -> str:
        """The key of the supplier that the creditor identifier was learnt to mean, else the words; "" if neither."""
        return self.aliases.get(creditor) or self.aliases.get(core) or ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How bold the engine may be. Days are counted from the invoice's date to the line's; caps are by bank account."""

    days_before: int = 12
    days_after: int = 130
    suggestions_per_line: int = 3
    caps_cents: Mapping[str, int] = field(default_factory=dict)
    accounts_without_auto: frozenset[str] = frozenset()
    weights: Weights = UNTRAINED


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with its values (JSON scalars); `reasons.sentence` puts it in French."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """What one line pays of one invoice. `cents` is its share of the line, positive where it adds to it.

    A credit note deducted from a payment has negative cents. `invoice_cents`, positive, is what it settles of the
    invoice.
    """

    invoice_id: str
    transaction_id: str
    cents: int
    invoice_cents: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine says of some invoices and some lines. `score` is in hundredths of log-odds.

    `record` is what it was taken on, in JSON values (see `record`).
    """

    parts: tuple[Part, ...]
    state: State
    reasons: tuple[Reason, ...]
    score: int
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def invoice_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.invoice_id for part in self.parts))

    @property
    def transaction_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.transaction_id for part in self.parts))
