"""A correction made from the list is taken back, but for what somebody changed since."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable, correct_invoice
from achats.models import CorrectionDeed, InvoiceLine, PaymentMethod, PurchaseInvoice
from firms.models import Company, User
from ledger.models import Account, VatCode

KINDS = {"account": Account, "vat_code": VatCode}


class NothingToUndo(Exception):
    """The deed was undone already, or is another's. `str()` is one French sentence."""


@transaction.atomic
def undo_correction(*, company: Company, deed_id: UUID, by: User, at: datetime) -> tuple[list[UUID], int]:
    """Put back what stood before the deed; → the purchases put back, and how many were left as they are now.

    A purchase that was changed since, or may no longer be changed, is left. Raises NothingToUndo.
    """
    deeds = CorrectionDeed.objects.select_for_update().filter(company=company, by=by, undone_at=None)
    deed = deeds.filter(pk=deed_id).first()
    if deed is None:
        raise NothingToUndo("Ce geste est déjà annulé.")
    rows = PurchaseInvoice.objects.filter(company=company, pk__in=deed.changes).order_by("pk")
    restored = [row.pk for row in rows if _restore(row, deed.changes[str(row.pk)], by, at)]
    deed.undone_at, deed.undone_by = at, by
    deed.save(update_fields=["undone_at", "undone_by"])
    return restored, len(deed.changes) - len(restored)


def _restore(row: PurchaseInvoice, changed: dict, by: User, at: datetime) -> bool:
    lines = {str(line.pk): line for line in row.lines.all()}
    if not _stands(row, lines, changed):
        return False
    wanted = {
        lines[pk].pk: {name: _found(row, KINDS[name], before) for name, (before, _, _) in values.items()}
        for pk, values in changed.get("lines", {}).items()
    }
    method = changed.get("payment_method")
    changes = {"payment_method": _found(row, PaymentMethod, method[0])} if method else {}
    try:
        with transaction.atomic():
            mended = correct_invoice(invoice=row, changes=changes, lines=wanted, by=by, at=at)
            _restore_origins(mended, changed, by, at)
    except (InvoiceNotEditable, FieldNotEditable):
        return False
    return True


def _stands(row: PurchaseInvoice, lines: dict[str, InvoiceLine], changed: dict) -> bool:
    """Whether all is as the deed left it."""
    method = changed.get("payment_method")
    return (method is None or str(row.payment_method_id) == method[1]) and all(
        pk in lines and str(getattr(lines[pk], f"{name}_id")) == after
        for pk, values in changed.get("lines", {}).items()
        for name, (_, _, after) in values.items()
    )


def _found(row: PurchaseInvoice, kind, pk: str | None):
    return kind.objects.filter(company=row.company_id, pk=pk).first() if pk else None


def _restore_origins(row: PurchaseInvoice, changed: dict, by: User, at: datetime) -> None:
    """Who had put an account or a code there weighs in the reasons: they are assessed again."""
    for pk, values in changed.get("lines", {}).items():
        origins = {f"{name}_origin": origin for name, (_, origin, _) in values.items()}
        row.lines.filter(pk=pk).update(**origins)
    if changed.get("lines"):
        assess_and_store(row, by=by, at=at)
