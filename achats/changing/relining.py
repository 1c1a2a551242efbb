"""A person adds, removes and weighs the lines of a purchase: they always make what was received, total and VAT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.correcting import correct_invoice
from achats.changing.editing import lock_editable
from achats.changing.history import LINED
from achats.changing.line_states import AMOUNTS, changes_between, state_of
from achats.changing.splitting import whole_before
from achats.models import InvoiceLine, Origin, PurchaseInvoice
from achats.suppliers.finding import find_or_create_supplier
from firms.events import record_event
from firms.models import User
from firms.typography import format_money
from ledger.models import Account, VatCode

TOLD = ("label", "account", "vat_code", *AMOUNTS)
CHANGED_MEANWHILE = "Les lignes de cette facture ont changé entre-temps. Voici leur état actuel."


@dataclass(frozen=True, kw_only=True)
class WantedLine:
    """A line as it shall be; `line_id` None for one more, `vat_amount` None where it bears none of its own."""

    line_id: UUID | None
    label: str
    account: Account | None
    vat_code: VatCode | None
    vat_amount: Decimal | None
    gross_amount: Decimal


class LinesRefused(Exception):
    """The lines do not make what was received, or changed meanwhile. `str()` is one French sentence."""


@transaction.atomic
def correct_with_lines(
    *,
    invoice: PurchaseInvoice,
    changes: Mapping[str, Any],
    wanted: Sequence[WantedLine],
    by: User,
    at: datetime,
    new_supplier: str = "",
) -> PurchaseInvoice:
    """`correct_invoice` with all the lines, in order: those whose `line_id` is not among `wanted` go.

    `new_supplier` names one to create.

    The total and the VAT received never move. Writes `purchase.lined` where an amount or the number of lines changed.
    Raises LinesRefused, and what `correct_invoice` does.
    """
    if new_supplier:
        supplier = find_or_create_supplier(company=invoice.company, name=new_supplier)
        changes = {**changes, "supplier": supplier, "supplier_name": new_supplier}
    standing = {line.pk: line for line in invoice.lines.all()}
    if is_same_shape(standing, wanted):
        named = {
            line.line_id: {"account": line.account, "vat_code": line.vat_code, "label": line.label}
            for line in wanted
            if line.line_id
        }
        return correct_invoice(invoice=invoice, changes=changes, lines=named, by=by, at=at)
    row = correct_invoice(invoice=invoice, changes=changes, by=by, at=at)
    return _set_lines(row, wanted, by, at)


def is_same_shape(standing: Mapping[UUID, InvoiceLine], wanted: Sequence[WantedLine]) -> bool:
    """Whether the lines are those that stand, with their amounts: only what they are booked on may differ."""
    if [line.line_id for line in wanted if line.line_id] != list(standing) or len(wanted) != len(standing):
        return False
    pairs = [(standing[line.line_id], line) for line in wanted if line.line_id]
    return all((now.vat_amount, now.gross_amount) == (new.vat_amount, new.gross_amount) for now, new in pairs)


def lines_refusal(invoice: PurchaseInvoice, wanted: Sequence[WantedLine]) -> str:
    """Why `wanted` cannot be the lines of `invoice`, in one French sentence; "" where they can."""
    if not wanted:
        return "Une facture garde au moins une ligne."
    for place, line in enumerate(wanted, 1):
        vat, gross = line.vat_amount or Decimal(0), line.gross_amount
        if not gross and invoice.gross_amount:
            return f"Ligne {place}\u00a0: il manque le montant TTC."
        if vat and (vat * gross < 0 or abs(vat) > abs(gross)):
            return f"Ligne {place}\u00a0: la TVA ne tient pas dans le total."
    gap = _gap(sum((line.gross_amount for line in wanted), Decimal(0)), invoice.gross_amount, invoice.currency)
    return f"Les lignes font {gap}." if gap else _vat_refusal(invoice, wanted)


def _vat_refusal(invoice: PurchaseInvoice, wanted: Sequence[WantedLine]) -> str:
    received, borne = invoice.vat_amount, [line.vat_amount for line in wanted if line.vat_amount is not None]
    if received is None:
        return "Aucune TVA n’a été reçue\u00a0: les lignes n’en portent pas." if any(borne) else ""
    if not borne and len(wanted) == 1:
        return ""
    gap = _gap(sum(borne, Decimal(0)), received, invoice.currency)
    return f"La TVA reçue ne change jamais, celle des lignes fait {gap}." if gap else ""


def _gap(total: Decimal, whole: Decimal, currency: str) -> str:
    """« 5,75 € au lieu de 5,76 € : il manque 0,01 € »; "" where there is none."""
    if total == whole:
        return ""
    rest = format_money(abs(whole - total), currency)
    told = f"il manque {rest}" if total < whole else f"{rest} de trop"
    return f"{format_money(total, currency)} au lieu de {format_money(whole, currency)}\u00a0: {told}"


def _set_lines(invoice: PurchaseInvoice, wanted: Sequence[WantedLine], by: User, at: datetime) -> PurchaseInvoice:
    row = lock_editable(invoice, even_matched=True)
    if refusal := lines_refusal(row, wanted):
        raise LinesRefused(refusal)
    standing = {line.pk: line for line in row.lines.select_related("account", "vat_code").order_by("position")}
    kept = [line.line_id for line in wanted if line.line_id]
    if kept != [pk for pk in standing if pk in set(kept)]:
        raise LinesRefused(CHANGED_MEANWHILE)
    before = [state_of(line) for line in standing.values()]
    whole = before[0] if len(before) == 1 else whole_before(row)
    row.lines.exclude(pk__in=kept).delete()
    after = [state_of(_write(row, standing, place, line)) for place, line in enumerate(wanted, 1)]
    changes = ({"united": [whole, None]} if whole else {}) | changes_between(before, after, told=TOLD)
    record_event(company=row.company, kind=LINED, subject_id=row.pk, by=by, at=at, changes=changes)
    assess_and_store(row, by=by, at=at)
    return row


def _write(row: PurchaseInvoice, standing: Mapping[UUID, InvoiceLine], place: int, wanted: WantedLine) -> InvoiceLine:
    """Those that stay keep their order, so that their new places are free."""
    line = standing[wanted.line_id] if wanted.line_id else InvoiceLine(company=row.company, invoice=row)
    for name in ("account", "vat_code"):
        if getattr(line, name) != (value := getattr(wanted, name)):
            setattr(line, name, value)
            setattr(line, f"{name}_origin", Origin.HAND if value else "")
    if wanted.line_id is None or (line.vat_amount, line.gross_amount) != (wanted.vat_amount, wanted.gross_amount):
        vat = line.vat_amount = wanted.vat_amount
        line.gross_amount = wanted.gross_amount
        line.net_amount = None if vat is None else wanted.gross_amount - vat
        line.quantity = line.unit_price = None
    line.position, line.label = place, wanted.label
    line.save()
    return line
