"""People talk about a purchase where it stands: what is said stays, and the history says who said it."""

from datetime import datetime

from django.db import transaction

from achats.models import InvoiceComment, PurchaseInvoice
from firms.events import record_event
from firms.models import User


@transaction.atomic
def comment_on(*, invoice: PurchaseInvoice, text: str, by: User, at: datetime) -> InvoiceComment:
    """Add what `by` says of `invoice`, whatever its state; the purchase itself does not change."""
    comment = InvoiceComment.objects.create(
        company_id=invoice.company_id, invoice=invoice, by=by, at=at, text=text.strip()
    )
    record_event(company=invoice.company, kind="purchase.commented", subject_id=invoice.pk, by=by, at=at)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: InvoiceComment, by: User, at: datetime) -> None:
    """Take back one's own words. Raises PermissionError for another's."""
    if comment.by_id != by.pk:
        raise PermissionError("only its author withdraws a comment")
    invoice = comment.invoice
    record_event(company=invoice.company, kind="purchase.comment_withdrawn", subject_id=invoice.pk, by=by, at=at)
    comment.delete()
