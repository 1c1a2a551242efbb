"""A purchase that a person types: a new one, or what a document that came alone still lacks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from achats.changing.correcting import correct_invoice
from achats.changing.editing import lock_editable
from achats.drafts import InvoiceDraft, LineDraft
from achats.models import Document, Origin, PurchaseInvoice
from achats.recording import record_invoice
from achats.suppliers.finding import find_or_create_supplier
from firms.models import Company, User

OF_LINE = ("account", "vat_code")
AMOUNTS = ("net_amount", "vat_amount", "gross_amount")


def enter_invoice(
    *, company: Company, typed: Mapping[str, Any], documents: Sequence[Document], by: User, at: datetime
) -> PurchaseInvoice:
    """Record what was `typed`: the fields of an `InvoiceDraft`, and `account` and `vat_code` of its one line."""
    fields = {name: value for name, value in typed.items() if name not in OF_LINE}
    of_line: dict[str, Any] = {name: typed.get(name) for name in (*OF_LINE, *AMOUNTS)}
    origins = {f"{name}_origin": Origin.HAND for name in OF_LINE if typed.get(name)}
    line = LineDraft(**of_line | origins)
    draft = InvoiceDraft(**fields, lines=(line,))
    return record_invoice(company=company, draft=draft, by=by, at=at, documents=documents)


@transaction.atomic
def complete_invoice(*, invoice: PurchaseInvoice, typed: Mapping[str, Any], by: User, at: datetime) -> PurchaseInvoice:
    """Give `invoice` what was `typed`, its one line with it; where it has several, theirs stays.

    Writes `purchase.corrected`. Raises InvoiceNotEditable, FieldNotEditable (what a match stands on).
    """
    row = lock_editable(invoice, even_matched=True)
    changes = {name: value for name, value in typed.items() if name not in OF_LINE}
    if row.supplier is None or row.supplier_name != typed["supplier_name"]:
        changes["supplier"] = find_or_create_supplier(company=row.company, name=typed["supplier_name"])
    lines = list(row.lines.order_by("position"))
    alone = {lines[0].pk: {name: typed.get(name) for name in (*OF_LINE, *AMOUNTS)}} if len(lines) == 1 else {}
    return correct_invoice(invoice=row, by=by, at=at, changes=changes, lines=alone)
