"""A person mends a purchase: what Dext read of the amounts stays, the rest is changed, assessed again, remembered."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction

from achats.assessing import assess_and_store
from achats.changing.editing import InvoiceNotEditable, lock_editable
from achats.models import InvoiceLine, Origin, PurchaseInvoice, Source
from firms.events import record_event
from firms.models import User

__all__ = ["FieldNotEditable", "InvoiceNotEditable", "correct_invoice"]

AMOUNTS = {"currency", "gross_amount", "vat_amount", "net_amount"}
FIELDS = {
    "base_currency", "base_gross_amount", "credited_reference", "description", "due_on", "exchange_rate",
    "is_duplicate_allowed", "is_paid", "issued_on", "kind", "note", "paid_on", "payment_method", "reference",
    "supplier", "supplier_name",
}  # fmt: skip
LINE_AMOUNTS = {"gross_amount", "vat_amount", "net_amount", "quantity", "unit_price"}
LINE_FIELDS = {"account", "label", "vat_code"}
WHAT_A_MATCH_STANDS_ON = {"currency", "gross_amount", "is_paid", "kind", "payment_method"}
# What it weighs in the books may be told of one that is matched; told, its exchange may be posted.
GIVEN_ONCE = {"base_currency", "base_gross_amount"}


MATCHED = "La facture est rapprochée avec la banque : défaites d’abord le rapprochement."


class FieldNotEditable(Exception):
    """This field may not be changed by hand. `str()` is one French sentence."""

    def __init__(self, field: str, because: str) -> None:
        super().__init__(because)
        self.field = field


@transaction.atomic
def correct_invoice(
    *,
    invoice: PurchaseInvoice,
    by: User,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    lines: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> PurchaseInvoice:
    """Change fields of `invoice` (FIELDS) and, by line id, of its lines (LINE_FIELDS), then assess it again.

    Amounts too where it was entered by hand, never those of Dext. Writes `purchase.corrected` with before and after;
    an account or a code set here is of origin « Saisi ». Raises InvoiceNotEditable, FieldNotEditable (an amount that
    was received, or what a match stands on), ValueError (another company's row, an unknown field or line).
    """
    row = lock_editable(invoice, even_matched=True)
    _refuse_received(row, changes or {}, lines or {})
    changed = _change(row, row, changes or {})
    for line in row.lines.filter(pk__in=(lines or {}).keys()).order_by("position"):
        changed |= _change_line(row, line, (lines or {})[line.pk])
    row.ruled_fields = [name for name in row.ruled_fields if name not in changed]
    if changed:
        record_event(company=row.company, kind="purchase.corrected", subject_id=row.pk, by=by, at=at, changes=changed)
        assess_and_store(row, by=by, at=at)
    return row


def _refuse_received(row: PurchaseInvoice, changes: Mapping, lines: Mapping[UUID, Mapping]) -> None:
    by_hand = row.source != Source.DEXT
    named = {name for values in lines.values() for name in values}
    for name in sorted((AMOUNTS & changes.keys()) | (LINE_AMOUNTS & named)):
        if not by_hand:
            raise FieldNotEditable(name, "Ce montant est reçu de Dext : il n’est jamais recalculé ni modifié.")
    for name in sorted((WHAT_A_MATCH_STANDS_ON | GIVEN_ONCE) & changes.keys()):
        is_given = name in GIVEN_ONCE and not getattr(row, name)
        if row.settled_cents and getattr(row, name) != changes[name] and not is_given:
            raise FieldNotEditable(name, MATCHED)
    unknown = (changes.keys() - FIELDS - AMOUNTS) | (named - LINE_FIELDS - LINE_AMOUNTS)
    if unknown or row.lines.filter(pk__in=lines.keys()).count() != len(lines):
        raise ValueError(f"unknown fields or lines: {sorted(unknown)}")


def _change(row: PurchaseInvoice, target: models.Model, values: Mapping[str, Any]) -> dict[str, list]:
    """Set `values` on `target`, a row of the same company; what changed as `{field: [before, after]}`, both JSON."""
    changed = {}
    for name, after in values.items():
        if isinstance(after, models.Model) and getattr(after, "company_id", None) != row.company_id:
            raise ValueError(f"{name} is of another company")
        before = getattr(target, name)
        if before != after:
            setattr(target, name, after)
            changed[name] = [_plain(before), _plain(after)]
    return changed


def _change_line(row: PurchaseInvoice, line: InvoiceLine, values: Mapping[str, Any]) -> dict[str, list]:
    changed = _change(row, line, values)
    for name in {"account", "vat_code"} & changed.keys():
        setattr(line, f"{name}_origin", Origin.HAND if getattr(line, name) else "")
    if changed:
        line.save()
    return {f"lines.{line.position}.{name}": pair for name, pair in changed.items()}


def _plain(value: object) -> str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
