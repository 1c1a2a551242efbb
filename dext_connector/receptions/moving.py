"""« Déplacer vers le bon dossier »: what Dext sent to the wrong company is published to another and cancelled here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.cancelling import cancel_invoice
from achats.changing.editing import InvoiceNotEditable, lock_editable, lock_row
from achats.documents.keeping import join_documents, store_document
from achats.documents.storing import path_of
from achats.models import Document, PurchaseInvoice, Status
from achats.turns import wait_our_turn
from banking.match_asking import ask_for_match
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import Sent, SentDocument
from dext_connector.receptions.adapting import Adapted, adapt_item
from dext_connector.receptions.resending import NotTaken, resend
from dext_connector.serializers.items import read_item
from firms.events import record_event
from firms.models import Company, Event, User

# Who reads it may not know of the other company: its name is shown to who may, beside it.
REASON = "Déplacée vers un autre dossier"
ANY_COMPANY = UUID(int=0)


class NotMovable(Exception):
    """The purchase cannot go to that company. `str()` is one French sentence."""


@dataclass(frozen=True)
class Move:
    """What a move would do: `lost` on the way, and whether corrections made in MEG would stay behind."""

    lost: tuple[str, ...]
    leaves_corrections: bool


@transaction.atomic
def move_publication(*, reception: InboxItem, target: Company, by: User, at: datetime, base_url: str) -> InboxItem:
    """Publish what `reception` created to `target`, with its documents, and cancel it here; → the reception there.

    All or nothing, and twice is once. The caller says that `by` may write in both. Writes `purchase.moved` on both.
    Raises NotMovable, InvoiceNotEditable (posted, matched or cancelled): then nothing is stored.
    """
    if reception.company_id == target.pk:
        raise NotMovable("La facture est déjà dans ce dossier.")
    # Two moves between the same companies never wait for each other's rows.
    wait_our_turn("dext_connector.move", ANY_COMPANY, str(reception.company_id), str(target.pk))
    row = creation_of(reception)
    if done := InboxItem.objects.filter(moved_from=row, company=target).first():
        return done
    source = lock_editable(row.invoice)  # type: ignore[arg-type] # a creation has its invoice
    arrived = _publish_there(row, source, target, by, at, base_url)
    cancel_invoice(invoice=source, by=by, reason=REASON, at=at)
    _tell_both(row, arrived, by, at)
    ask_for_match(company_id=source.company_id)
    return arrived


def creation_of(reception: InboxItem) -> InboxItem:
    """The row of `reception`, locked, where it made a purchase from an item. Raises NotMovable."""
    rows = InboxItem.objects.select_for_update(of=("self",)).select_related("company", "invoice__supplier")
    row = rows.get(pk=reception.pk)
    if row.fate != Fate.CREATED or row.payload is None or row.invoice is None:
        raise NotMovable("Seule une facture que Dext a publiée se déplace.")
    return row


def is_movable(invoice: PurchaseInvoice | None) -> bool:
    """Neither posted, cancelled nor matched."""
    return invoice is not None and invoice.status in (Status.NOT_READY, Status.READY) and not invoice.settled_cents


def move_of(reception: InboxItem, target: Company) -> Move:
    """What the person who moves is told first: at most six queries."""
    invoice = reception.invoice
    if invoice is None:
        raise NotMovable("Seule une facture que Dext a publiée se déplace.")
    corrections = Event.objects.filter(company=invoice.company_id, subject_id=invoice.pk, kind="purchase.corrected")
    return Move(_adapted(_last_body(reception, invoice), invoice, target).lost, corrections.exists())


def _last_body(row: InboxItem, invoice: PurchaseInvoice) -> InboxItem:
    """The last publish of `invoice` that was taken: Dext may have changed it since `row` made it."""
    taken = InboxItem.objects.filter(invoice=invoice, http_status__lt=300, payload__isnull=False)
    return taken.order_by("-id").first() or row


def _adapted(row: InboxItem, invoice: PurchaseInvoice, target: Company) -> Adapted:
    return adapt_item(item=read_item(row.payload or {}), invoice=invoice, target=target)


def _publish_there(
    row: InboxItem, source: PurchaseInvoice, target: Company, by: User, at: datetime, base_url: str
) -> InboxItem:
    """The last body that Dext sent of it, so that its next publish of the same there is a replay."""
    came = _last_body(row, source)
    documents = list(Document.objects.filter(attachments__invoice=source).order_by("attachments__position"))
    first = _read(documents[0]) if documents else None
    sent = Sent(payload=came.payload, digest=came.body_sha256, external_id=row.external_id, document=first)
    item = _adapted(came, source, target).item
    try:
        arrived = resend(company=target, item=item, sent=sent, by=by, at=at, base_url=base_url)
    except NotTaken as refusal:
        raise NotMovable(f"{target}\u00a0: {refusal}") from refusal
    _bring_along(arrived, documents[1:], by, at)
    return arrived


def _bring_along(arrived: InboxItem, documents: Sequence[Document], by: User, at: datetime) -> None:
    """The documents that came after the first."""
    if not documents or arrived.invoice is None:
        return
    files = [_read(document) for document in documents]
    copies = [store_document(company=arrived.company, data=file.content, filename=file.filename) for file in files]
    there = lock_row(arrived.invoice)
    join_documents(there, copies)
    assess_and_store(there, by=by, at=at)


def _read(document: Document) -> SentDocument:
    return SentDocument(filename=document.filename, content=path_of(document.sha256).read_bytes())


def _tell_both(row: InboxItem, arrived: InboxItem, by: User, at: datetime) -> None:
    """Each names the other by an id alone: who reads one may not know of the other."""
    arrived.moved_from = row
    arrived.save(update_fields=["moved_from"])
    changes = {"moved": [str(row.pk), str(arrived.pk)]}
    for reception in (row, arrived):
        if reception.invoice_id:
            record_event(
                company=reception.company,
                kind="purchase.moved",
                subject_id=reception.invoice_id,
                by=by,
                at=at,
                changes=changes,
            )


__all__ = ["InvoiceNotEditable", "Move", "NotMovable", "is_movable", "move_of", "move_publication"]
