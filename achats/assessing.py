"""Gather what is known of a purchase, ask whether it is ready, and store the answer on its row."""

from datetime import datetime

from achats.browsing.searching import search_text_of
from achats.duplicates.finding import find_duplicate
from achats.models import Document, PurchaseInvoice, Settlement, Status
from achats.readiness import Facts, assess
from achats.settlement import settlement_of
from achats.suppliers.finding import answering
from firms.events import record_event
from firms.folding import fold
from firms.models import User
from ledger.models import Bookkeeping

EDITABLE = {Status.NOT_READY, Status.READY}


def assess_and_store(invoice: PurchaseInvoice, *, by: User | None, at: datetime, is_new: bool = False) -> None:
    """Set and save `status`, `reasons`, `warnings`, `duplicate_of` and what else follows from the row.

    The caller holds the row's lock, in a transaction. A posted or cancelled one keeps its status and reasons. Writes
    `purchase.not_ready` where it is new, or was ready, and is not, and `purchase.settled` where nothing more is to pay.
    """
    facts = _facts(invoice)
    reasons = assess(facts)
    was_ready = is_new or invoice.status == Status.READY
    was_settled = invoice.settlement == Settlement.SETTLED
    invoice.warnings = [reason.as_json() for reason in reasons if not reason.is_blocking]
    if invoice.status in EDITABLE:
        invoice.reasons = [reason.as_json() for reason in reasons if reason.is_blocking]
        invoice.status = Status.NOT_READY if invoice.reasons else Status.READY
        invoice.duplicate_of = facts.duplicate.of if facts.duplicate else None
        _settle_off_bank(invoice)
    invoice.search_text = search_text_of(invoice)
    invoice.sort_name = fold(invoice.supplier_name)[:240]
    invoice.sort_account = next((line.account.code for line in facts.lines if line.account), "")
    invoice.save()
    if was_ready and invoice.status == Status.NOT_READY:
        changes = {"reasons": [[], [reason["code"] for reason in invoice.reasons]]}
        _tell(invoice, "purchase.not_ready", by, at, changes)
    if invoice.settlement == Settlement.SETTLED and not was_settled:
        _tell(invoice, "purchase.settled", by, at, {"settlement": [Settlement.UNSETTLED, Settlement.SETTLED]})


def _tell(invoice: PurchaseInvoice, kind: str, by: User | None, at: datetime, changes: dict) -> None:
    record_event(company=invoice.company, kind=kind, subject_id=invoice.pk, by=by, at=at, changes=changes)


def _facts(invoice: PurchaseInvoice) -> Facts:
    documents = list(Document.objects.filter(attachments__invoice=invoice).order_by("attachments__position"))
    locked_until = Bookkeeping.objects.filter(company=invoice.company_id).values_list("locked_until", flat=True).first()
    namesakes = (
        0
        if invoice.supplier_id or invoice.is_unnamed
        else len(answering(company=invoice.company, name=invoice.supplier_name))
    )
    is_open = invoice.status in EDITABLE
    return Facts(
        invoice=invoice,
        lines=list(invoice.lines.select_related("account", "vat_code").order_by("position")),
        documents=documents,
        duplicate=find_duplicate(invoice, documents) if is_open else None,
        namesakes=namesakes,
        locked_until=locked_until,
        currency=invoice.company.currency,
    )


def _settle_off_bank(invoice: PurchaseInvoice) -> None:
    """Paid in cash or by a person (or nothing to pay): no bank line will ever come. What the bank settled stays."""
    if invoice.settled_cents:
        return
    method = invoice.payment_method
    invoice.is_settled_off_bank = invoice.is_paid and method is not None and method.is_off_bank
    invoice.settlement = settlement_of(invoice)
