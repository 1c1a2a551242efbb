"""What a person decides of two purchases that look like one: both stay, one goes, or one takes what the other has."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from achats.assessing import assess_and_store
from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.changing.editing import InvoiceNotEditable, lock_editable, lock_row
from achats.documents.keeping import join_documents
from achats.models import Document, PurchaseInvoice, Status
from firms.events import record_event
from firms.models import Event, User


class PairDecided(Exception):
    """The two are no pair any more: somebody decided meanwhile. `str()` is one French sentence."""

    def __init__(self, second: PurchaseInvoice) -> None:
        last = Event.objects.filter(company=second.company_id, subject_id=second.pk).select_related("by").last()
        who = f" ({timezone.localtime(last.at):%d/%m/%Y %H:%M}, {last.by or 'automatique'})" if last else ""
        super().__init__(f"Cette paire vient d’être traitée{who}. Rien n’a été changé.")


@transaction.atomic
def keep_both(*, first: PurchaseInvoice, second: PurchaseInvoice, by: User, at: datetime) -> PurchaseInvoice:
    """Say that `second` does not repeat `first`: they are told together no more. Raises PairDecided."""
    _lock_pair(first, second)
    return correct_invoice(invoice=second, by=by, at=at, changes={"is_duplicate_allowed": True})


@transaction.atomic
def cancel_one(
    *, first: PurchaseInvoice, second: PurchaseInvoice, cancelled: PurchaseInvoice, by: User, at: datetime
) -> PurchaseInvoice:
    """Cancel one of the two, the other stays. Raises PairDecided, InvoiceNotEditable (posted or matched)."""
    _lock_pair(first, second)
    kept = first if cancelled.pk == second.pk else second
    return cancel_invoice(invoice=cancelled, by=by, reason=f"Doublon de {kept}", at=at)


@transaction.atomic
def merge(*, first: PurchaseInvoice, second: PurchaseInvoice, by: User, at: datetime) -> PurchaseInvoice:
    """Give `first` the documents and the note of `second`, which is cancelled; → `first`, posted or not.

    Writes `purchase.merged` with what `first` took. Raises PairDecided, or InvoiceNotEditable where
    `second` is posted or matched.
    """
    _lock_pair(first, second)
    gone, row = lock_editable(second), lock_row(first)
    changes = _take_documents(row, gone) | _take_note(row, gone)
    row.is_document_awaited = row.is_document_awaited and "document" not in changes
    row.document_error = "" if "document" in changes else row.document_error
    row.save(update_fields=["note", "is_document_awaited", "document_error", "updated_at"])
    cancel_invoice(invoice=gone, by=by, reason=f"Réunie avec {first}", at=at)
    merged = {"merged": [None, str(gone.pk)]} | changes
    record_event(company=row.company, kind="purchase.merged", subject_id=row.pk, by=by, at=at, changes=merged)
    assess_and_store(row, by=by, at=at)
    return row


def why_not_cancelled(invoice: PurchaseInvoice) -> str:
    """Why one of a pair cannot be cancelled; "" where it can."""
    if invoice.status == Status.POSTED:
        return "est comptabilisée"
    return "est rapprochée avec la banque" if invoice.settled_cents else ""


def _lock_pair(first: PurchaseInvoice, second: PurchaseInvoice) -> None:
    """Both rows, in one order. Raises PairDecided."""
    rows = PurchaseInvoice.objects.select_for_update().filter(pk__in=[first.pk, second.pk])
    locked = {row.pk: row for row in rows.order_by("pk")}
    stands = locked[second.pk].duplicate_of_id == first.pk
    if not stands or any(row.status == Status.CANCELLED for row in locked.values()):
        raise PairDecided(second)


def _take_documents(row: PurchaseInvoice, gone: PurchaseInvoice) -> dict[str, list]:
    mine = row.attachments.values("document")
    theirs = Document.objects.filter(attachments__invoice=gone).exclude(pk__in=mine).order_by("attachments__position")
    taken = list(theirs)
    join_documents(row, taken)
    if not taken:
        return {}
    return {"document": [None, ", ".join(map(str, taken))], "taken": [[], [str(document.pk) for document in taken]]}


def _take_note(row: PurchaseInvoice, gone: PurchaseInvoice) -> dict[str, list]:
    if not gone.note or gone.note in row.note:
        return {}
    before, row.note = row.note, f"{row.note}\n{gone.note}".strip()
    return {"note": [before, row.note]}


__all__ = ["InvoiceNotEditable", "PairDecided", "cancel_one", "keep_both", "merge", "why_not_cancelled"]
