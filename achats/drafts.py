"""What a purchase is before it is recorded: every source (Dext, a form) speaks to `recording` in these words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from achats.models import PaymentMethod, Supplier
    from ledger.models import Account, VatCode


@dataclass(frozen=True, kw_only=True)
class LineDraft:
    """A line as received. Amounts are positive; None means that none came. Origins are of `achats.models.Origin`."""

    gross_amount: Decimal
    label: str = ""
    account: "Account | None" = None
    account_origin: str = ""
    vat_code: "VatCode | None" = None
    vat_code_origin: str = ""
    net_amount: Decimal | None = None
    vat_amount: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceDraft:
    """A purchase as received. `kind` and `source` are of `achats.models.Kind` and `Source`; amounts are positive.

    `supplier` None lets `recording` find or create one by number, else by `supplier_name`. `vat_breakdown` is kept as
    it came (`[{"rate": "5.50", "base": "2.90", "amount": "0.16"}]`). `generation` None is the next one for this
    `external_id` (after a cancellation it may be published again). No `lines` makes one of the whole document.
    `ruled_fields` names what the supplier's rule gave (« due_on »).
    """

    kind: str
    supplier_name: str
    issued_on: date
    currency: str
    gross_amount: Decimal
    lines: tuple[LineDraft, ...] = ()
    vat_amount: Decimal | None = None
    net_amount: Decimal | None = None
    vat_breakdown: tuple[dict, ...] = ()
    supplier: "Supplier | None" = None
    siren: str = ""
    vat_number: str = ""
    reference: str = ""
    due_on: date | None = None
    base_currency: str = ""
    base_gross_amount: Decimal | None = None
    exchange_rate: Decimal | None = None
    payment_method: "PaymentMethod | None" = None
    payment_label: str = ""
    is_paid: bool = False
    paid_on: date | None = None
    owner_name: str = ""
    owner_email: str = ""
    description: str = ""
    note: str = ""
    source: str = "hand"
    external_id: str = ""
    generation: int | None = None
    source_url: str = ""
    credited_reference: str = ""
    allow_duplicate: bool = False
    ruled_fields: tuple[str, ...] = ()
    is_document_awaited: bool = False
