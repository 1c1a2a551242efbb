"""A purchase enters the books' antechamber: recorded as received, never recomputed, and told ready or why not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from achats.assessing import assess_and_store
from achats.changing.editing import lock_editable
from achats.documents.keeping import join_documents
from achats.drafts import InvoiceDraft, LineDraft
from achats.models import UNNAMED, Document, InvoiceLine, PurchaseInvoice, Status
from achats.suppliers.finding import find_or_create_supplier
from firms.events import record_event
from firms.models import Company, User

_AS_RECEIVED = (
    "kind", "supplier_name", "reference", "issued_on", "due_on", "currency", "gross_amount", "vat_amount", "net_amount",
    "base_currency", "base_gross_amount", "exchange_rate", "payment_method", "payment_label", "is_paid", "paid_on",
    "owner_name", "owner_email", "description", "note", "source_url", "credited_reference",
    "is_document_awaited",
)  # fmt: skip
_LINE_AS_RECEIVED = ("label", "account", "vat_code", "net_amount", "vat_amount", "gross_amount")
_ONE_LIVE = "purchase_one_live_per_external_id"


class AlreadyRecorded(Exception):
    """This (company, source, external id) has a live purchase: `existing`. `str()` is one French sentence."""

    def __init__(self, existing: PurchaseInvoice) -> None:
        super().__init__(f"La pièce « {existing.external_id} » est déjà publiée : {existing}.")
        self.existing = existing


@transaction.atomic
def record_invoice(
    *, company: Company, draft: InvoiceDraft, by: User | None, at: datetime, documents: Sequence[Document] = ()
) -> PurchaseInvoice:
    """Store `draft` with its supplier, lines and documents, and say whether it is ready.

    Amounts are stored as received. Writes the events `purchase.received` and, where it is not ready,
    `purchase.not_ready`. Raises AlreadyRecorded where its external id has a live purchase.
    """
    invoice = PurchaseInvoice(company=company, source=draft.source, external_id=draft.external_id, created_by=by)
    invoice.status = Status.NOT_READY
    invoice.generation = draft.generation or _next_generation(invoice)
    _fill(invoice, draft)
    _insert(invoice)
    _write_lines(invoice, draft)
    join_documents(invoice, documents)
    record_event(company=company, kind="purchase.received", subject_id=invoice.pk, by=by, at=at)
    assess_and_store(invoice, by=by, at=at, is_new=True)
    return invoice


@transaction.atomic
def record_again(
    *, invoice: PurchaseInvoice, draft: InvoiceDraft, by: User | None, at: datetime, documents: Sequence[Document] = ()
) -> PurchaseInvoice:
    """Replace what was received by `draft` (a republish), fields and lines; `documents` join those that it has.

    What a person chose beside what Dext knows stays: the supplier among namesakes, and that it is no duplicate. Writes
    `purchase.republished`. Raises InvoiceNotEditable where it is posted, matched or cancelled.
    """
    row = lock_editable(invoice)
    before, chosen, was_allowed = _received(row), (row.supplier_name, row.supplier), row.is_duplicate_allowed
    _fill(row, draft)
    if row.supplier is None and row.supplier_name == chosen[0]:
        row.supplier = chosen[1]
    row.is_duplicate_allowed = was_allowed or draft.allow_duplicate
    row.lines.all().delete()
    _write_lines(row, draft)
    join_documents(row, documents)
    after = _received(row)
    changes = {name: [old, after.get(name)] for name, old in before.items() if old != after.get(name)}
    changes |= {name: [None, new] for name, new in after.items() if name not in before}
    record_event(company=row.company, kind="purchase.republished", subject_id=row.pk, by=by, at=at, changes=changes)
    assess_and_store(row, by=by, at=at)
    return row


def _received(invoice: PurchaseInvoice) -> dict[str, str]:
    """What an event keeps of fields and lines, as `correcting` names them: « lines.1.account »."""
    found = {name: str(getattr(invoice, name)) for name in _AS_RECEIVED}
    for line in invoice.lines.select_related("account", "vat_code").order_by("position"):
        found |= {f"lines.{line.position}.{name}": str(getattr(line, name)) for name in _LINE_AS_RECEIVED}
    return found


def _fill(invoice: PurchaseInvoice, draft: InvoiceDraft) -> None:
    for name in _AS_RECEIVED:
        setattr(invoice, name, getattr(draft, name))
    invoice.vat_breakdown = list(draft.vat_breakdown)
    invoice.ruled_fields = list(draft.ruled_fields)
    invoice.is_duplicate_allowed = draft.allow_duplicate
    invoice.supplier = draft.supplier
    if draft.supplier is None and draft.supplier_name != UNNAMED:
        invoice.supplier = find_or_create_supplier(
            company=invoice.company, name=draft.supplier_name, siren=draft.siren, vat_number=draft.vat_number
        )


def _insert(invoice: PurchaseInvoice) -> None:
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError as error:
        if _ONE_LIVE not in str(error):
            raise
        raise AlreadyRecorded(_twins(invoice).live().get()) from error


def _twins(invoice: PurchaseInvoice):
    return PurchaseInvoice.objects.for_company(invoice.company).filter(
        source=invoice.source, external_id=invoice.external_id
    )


def _next_generation(invoice: PurchaseInvoice) -> int:
    return 1 + (_twins(invoice).count() if invoice.external_id else 0)


def _write_lines(invoice: PurchaseInvoice, draft: InvoiceDraft) -> None:
    whole = LineDraft(
        label=draft.description[:300],
        net_amount=draft.net_amount,
        vat_amount=draft.vat_amount,
        gross_amount=draft.gross_amount,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(company=invoice.company, invoice=invoice, position=position, **vars(line))
        for position, line in enumerate(draft.lines or (whole,), start=1)
    )
