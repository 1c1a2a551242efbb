"""A document comes late, or again: it joins its purchase, and nothing else of it is touched."""

from datetime import datetime

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.editing import InvoiceNotEditable, lock_row
from achats.documents.keeping import join_documents
from achats.models import Document, PurchaseInvoice, Status
from firms.events import record_event
from firms.models import User


@transaction.atomic
def attach_document(*, invoice: PurchaseInvoice, document: Document, by: User | None, at: datetime) -> bool:
    """Join `document` to `invoice`, posted and matched ones too, and assess again; False where it was joined before.

    None is awaited any more. Writes `purchase.document_attached`. Raises InvoiceNotEditable where it is cancelled.
    """
    row = lock_row(invoice)
    if row.status == Status.CANCELLED:
        raise InvoiceNotEditable(row, "est annulée\u00a0: elle ne reçoit plus de pièce")
    if row.attachments.filter(document=document).exists():
        return False
    join_documents(row, [document])
    row.is_document_awaited, row.document_error = False, ""
    row.save(update_fields=["is_document_awaited", "document_error", "updated_at"])
    changes = {"document": [None, document.filename]}
    record_event(
        company=row.company, kind="purchase.document_attached", subject_id=row.pk, by=by, at=at, changes=changes
    )
    assess_and_store(row, by=by, at=at)
    return True
