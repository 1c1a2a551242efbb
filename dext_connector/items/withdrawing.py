"""Dext withdraws what it published: its invoice is cancelled, and the id may be published again."""

from datetime import datetime

from django.db import transaction

from achats.changing.cancelling import cancel_invoice
from achats.changing.editing import InvoiceNotEditable
from achats.models import PurchaseInvoice, Status
from banking.matches.renewing import renew_suggestions
from firms.models import User


@transaction.atomic
def withdraw_item(*, invoice: PurchaseInvoice, reason: str, by: User, at: datetime) -> PurchaseInvoice:
    """Cancel `invoice` for `reason`; twice is once. Raises InvoiceNotEditable where it is posted or matched."""
    try:
        cancelled = cancel_invoice(invoice=invoice, by=by, reason=reason, at=at)
    except InvoiceNotEditable as refusal:
        if refusal.invoice.status == Status.CANCELLED:
            return refusal.invoice
        raise
    renew_suggestions(invoice=cancelled)
    return cancelled
