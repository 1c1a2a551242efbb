"""A purchase is withdrawn: the row stays, « Annulée »."""

from datetime import datetime

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.editing import InvoiceNotEditable, lock_editable
from achats.models import PurchaseInvoice, Status
from firms.events import record_event
from firms.models import User

__all__ = ["InvoiceNotEditable", "cancel_invoice"]


@transaction.atomic
def cancel_invoice(*, invoice: PurchaseInvoice, by: User, reason: str, at: datetime) -> PurchaseInvoice:
    """Cancel `invoice` for `reason`; what was held for its duplicate is assessed again. Writes `purchase.cancelled`.

    Raises InvoiceNotEditable where it is posted, matched or already cancelled.
    """
    row = lock_editable(invoice)
    before, row.status = row.status, Status.CANCELLED
    row.cancelled_at, row.cancelled_by, row.cancellation_reason = at, by, reason[:200]
    row.duplicate_of = None
    row.save()
    changes = {"status": [before, row.status], "cancellation_reason": ["", row.cancellation_reason]}
    record_event(company=row.company, kind="purchase.cancelled", subject_id=row.pk, by=by, at=at, changes=changes)
    for other in row.suspected_duplicates.live().select_for_update(of=("self",)).select_related("company", "supplier"):
        assess_and_store(other, by=by, at=at)
    return row
