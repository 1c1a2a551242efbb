"""A document that was to come after its purchase: it arrives, or it never does."""

from datetime import datetime

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.editing import lock_row
from achats.documents.attaching import attach_document
from achats.models import Document, PurchaseInvoice, Status


@transaction.atomic
def await_document(*, invoice: PurchaseInvoice, at: datetime) -> None:
    """Say on the purchase that its document is on its way."""
    row = lock_row(invoice)
    row.is_document_awaited, row.document_error = True, ""
    assess_and_store(row, by=None, at=at)


@transaction.atomic
def receive_document(*, invoice: PurchaseInvoice, document: Document, at: datetime) -> None:
    """Join what was awaited; a purchase that was cancelled meanwhile awaits nothing."""
    row = lock_row(invoice)
    if row.status != Status.CANCELLED:
        attach_document(invoice=row, document=document, by=None, at=at)
    elif row.is_document_awaited:
        row.is_document_awaited = False
        assess_and_store(row, by=None, at=at)


@transaction.atomic
def give_up_document(*, invoice: PurchaseInvoice, because: str, at: datetime) -> None:
    """Say on the purchase that its document never came (« le serveur a répondu 404 »), so that a person mends it."""
    row = lock_row(invoice)
    row.is_document_awaited, row.document_error = False, because[:200]
    assess_and_store(row, by=None, at=at)
