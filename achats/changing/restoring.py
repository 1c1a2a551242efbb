"""A cancelled purchase is taken back, and so is what a person decided of two that look like one."""

from datetime import datetime

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.correcting import InvoiceNotEditable, correct_invoice
from achats.changing.editing import lock_row
from achats.models import InvoiceDocument, PurchaseInvoice, Status
from firms.events import record_event
from firms.models import Event, User

__all__ = ["CannotRestore", "InvoiceNotEditable", "may_be_taken_back", "restore_invoice", "undo_decision"]

RESTORED = "purchase.restored"


class CannotRestore(Exception):
    """It stands already, or another came in its place. `str()` is one French sentence."""


@transaction.atomic
def restore_invoice(*, invoice: PurchaseInvoice, by: User, at: datetime) -> PurchaseInvoice:
    """Take back that `invoice` was cancelled: it is assessed anew, and what a merge took of it comes back.

    Writes `purchase.restored` and, where it is not ready, `purchase.not_ready`. Raises CannotRestore.
    """
    row, taker = _revive(invoice, by, at)
    assess_and_store(row, by=by, at=at, is_new=True)
    if taker:
        assess_and_store(taker, by=by, at=at)
    return row


@transaction.atomic
def undo_decision(*, first: PurchaseInvoice, second: PurchaseInvoice, by: User, at: datetime) -> None:
    """Take back what was decided of a pair: the two are told together again.

    Raises CannotRestore where nothing is left to take back, InvoiceNotEditable where `second` is posted since.
    """
    rows = PurchaseInvoice.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk")
    gone = [row for row in rows if row.status == Status.CANCELLED]
    if not gone:
        if not PurchaseInvoice.objects.filter(pk=second.pk, is_duplicate_allowed=True).exists():
            raise CannotRestore("Cette décision est déjà annulée.")
        correct_invoice(invoice=second, by=by, at=at, changes={"is_duplicate_allowed": False})
        return
    for row in gone:
        _revive(row, by, at)
    for row in (second, first):  # the second first, so that it is again the one which repeats
        assess_and_store(lock_row(row), by=by, at=at, is_new=row.pk in {one.pk for one in gone})


def may_be_taken_back(first: PurchaseInvoice, second: PurchaseInvoice) -> bool:
    """Whether something was decided of the two that still stands."""
    return Status.CANCELLED in {first.status, second.status} or second.is_duplicate_allowed


def _revive(invoice: PurchaseInvoice, by: User, at: datetime) -> tuple[PurchaseInvoice, PurchaseInvoice | None]:
    """The row, live again and still to be assessed, and the one it had been merged into."""
    row = lock_row(invoice)
    if row.status != Status.CANCELLED:
        raise CannotRestore(f"La facture {row} n’est pas annulée.")
    _refuse_where_replaced(row)
    reason, row.cancellation_reason = row.cancellation_reason, ""
    row.status, row.reasons, row.cancelled_at, row.cancelled_by = Status.NOT_READY, [], None, None
    row.save()
    taker = _give_back(row)
    changes = {"status": [Status.CANCELLED, row.status], "cancellation_reason": [reason, ""]}
    record_event(company=row.company, kind=RESTORED, subject_id=row.pk, by=by, at=at, changes=changes)
    return row, taker


def _refuse_where_replaced(row: PurchaseInvoice) -> None:
    same = PurchaseInvoice.objects.filter(company=row.company, source=row.source, external_id=row.external_id).live()
    if row.external_id and (other := same.exclude(pk=row.pk).first()):
        raise CannotRestore(f"La facture {row} est revenue depuis sous la même référence\u00a0: {other} compte.")


def _give_back(row: PurchaseInvoice) -> PurchaseInvoice | None:
    """What the purchase that it was merged into took: the documents, and the note where nobody changed it since."""
    merges = Event.objects.filter(company=row.company_id, kind="purchase.merged", changes__merged=[None, str(row.pk)])
    merge = merges.order_by("-id").first()
    if merge is None:
        return None
    taker = lock_row(PurchaseInvoice(pk=merge.subject_id))
    InvoiceDocument.objects.filter(invoice=taker, document__in=merge.changes.get("taken", [[], []])[1]).delete()
    before, after = merge.changes.get("note", ["", None])
    if taker.note == after:
        taker.note = before
        taker.save(update_fields=["note", "updated_at"])
    return taker
