"""What Dext publishes, in our words: frozen and pure. Amounts are Decimal, None where none came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that must be mended in Dext. `pointer` is an RFC 6901 path into the body (« /lines/0/account »).

    `is_malformed` tells a wrong JSON type (400) from a value that cannot be (422).
    """

    code: str
    pointer: str
    value: str | None
    message: str
    is_malformed: bool = False


class Refused(Exception):
    """A body must be mended in Dext: every fault of it, at once. `str()` is what Dext shows to its user."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_in_words(faults))
        self.faults = tuple(faults)


def _in_words(faults: Sequence[Fault]) -> str:
    """The first three faults, and how many more there are."""
    told, rest = " ".join(fault.message for fault in faults[:3]), len(faults) - 3
    return f"{told} Et {rest} autre{'s' if rest > 1 else ''} à corriger." if rest > 0 else told


@dataclass(frozen=True, kw_only=True)
class NamedSupplier:
    """Who sold, by MEG's id or by name and numbers."""

    id: str = ""
    name: str = ""
    siren: str = ""
    vat_number: str = ""


@dataclass(frozen=True, kw_only=True)
class NamedPayment:
    """How it was paid, by MEG's id or by the label that Dext shows; both empty where nothing came."""

    id: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class PublishedLine:
    label: str = ""
    account: str = ""
    vat_code: str = ""
    net: Decimal | None = None
    vat_amount: Decimal | None = None
    total: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class PublishedItem:
    """One item of Dext. `faults` is what could not be read; a required field among them then holds a stand-in."""

    external_id: str
    kind: str
    issued_on: date
    currency: str
    total: Decimal
    supplier: NamedSupplier
    due_on: date | None = None
    reference: str = ""
    account: str = ""
    vat_code: str = ""
    vat_amount: Decimal | None = None
    net: Decimal | None = None
    vat_breakdown: tuple[dict[str, str], ...] = ()
    lines: tuple[PublishedLine, ...] = ()
    payment: NamedPayment = field(default_factory=NamedPayment)
    owner_name: str = ""
    owner_email: str = ""
    is_paid: bool | None = None
    paid_on: date | None = None
    description: str = ""
    note: str = ""
    source_url: str = ""
    document_url: str = ""
    base_currency: str = ""
    base_total: Decimal | None = None
    exchange_rate: Decimal | None = None
    credited_reference: str = ""
    allow_duplicate: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SentRule:
    """A supplier's rule as Dext had it; `account` is a number, a label or both, `vat_rate` is in percent."""

    supplier: str
    account: str
    vat_rate: Decimal | None = None
    payment_label: str = ""
    due_days: int | None = None
    description: str = ""
    is_paid: bool = False
    payload: dict


@dataclass(frozen=True, kw_only=True)
class SentSupplierRule:
    """A live rule as Dext sends it: rows by code, id or label. A supplier of neither id nor name did not come."""

    supplier: NamedSupplier
    account: str = ""
    vat_code: str = ""
    payment: NamedPayment = field(default_factory=NamedPayment)
    due_days: int | None = None
    description: str = ""
    is_paid: bool = False
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SentSupplier:
    name: str
    aliases: tuple[str, ...] = ()
    siren: str = ""
    vat_number: str = ""


@dataclass(frozen=True, kw_only=True)
class SentDocument:
    """The file that came with an item."""

    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A publish as it came over the wire: what the inbox keeps and what tells twice from once.

    `digest` is the SHA-256 of the item (keys sorted) and of the document's bytes. `raw` is the beginning of a body that
    is no item. `received_key` is the key that came, where `idempotency_key` is not to be held. `elapsed_ms` tells how
    long the call has run, where that is measured. An item of a batch that bears an Idempotency-Key names that batch and
    its own place in it, from 0.
    """

    payload: dict | None = None
    digest: str
    external_id: str = ""
    idempotency_key: str = ""
    received_key: str = ""
    request_id: str = ""
    document: SentDocument | None = None
    raw: str = ""
    elapsed_ms: Callable[[], int] | None = None
    batch_id: UUID | None = None
    position: int | None = None

    @property
    def outside_batch(self) -> "Sent":
        """The same, where it is not the first answer of its place in the batch."""
        return replace(self, batch_id=None, position=None)


@dataclass(frozen=True, kw_only=True)
class SentBatch:
    """A batch as it came: `items` may be any JSON, and are judged one by one. `digest` is that of the whole."""

    items: tuple[Any, ...]
    digest: str
    idempotency_key: str = ""
    request_id: str = ""
