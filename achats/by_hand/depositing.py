"""Documents that a person drops: kept at once, then each becomes an invoice to complete, or is taken away again."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from achats.documents.keeping import store_document
from achats.drafts import InvoiceDraft
from achats.models import UNNAMED, Deposit, Document, Kind, PurchaseInvoice, Source
from achats.recording import record_invoice
from achats.turns import wait_our_turn
from firms.events import record_event
from firms.models import Company, User


class DepositsChanged(Exception):
    """Somebody made invoices of some of them, or took them away, meanwhile. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__(
            "Ces pièces viennent d’être traitées par quelqu’un d’autre : rien n’a été fait. Voici l’état actuel."
        )


@transaction.atomic
def deposit_document(*, company: Company, data: bytes, filename: str, by: User, at: datetime) -> tuple[Deposit, bool]:
    """Keep a file as one that waits for its invoice; → it, and False where the same content waited already.

    Raises UnknownFileType, FileTooLarge (achats.documents.keeping), or OSError where the disk refuses.
    """
    document = store_document(company=company, data=data, filename=filename)
    wait_our_turn("deposit", company.pk, document.sha256)
    return Deposit.objects.waiting().get_or_create(
        company=company, document=document, invoice=None, defaults={"deposited_at": at, "deposited_by": by}
    )


@transaction.atomic
def make_invoices(*, company: Company, deposit_ids: Collection[UUID], by: User, at: datetime) -> list[PurchaseInvoice]:
    """One invoice « Pas prêt » per deposit, its document joined; all or none. Raises DepositsChanged."""
    made = []
    for deposit in _locked(company, deposit_ids):
        draft = blank_draft(company, at=at)
        deposit.invoice = record_invoice(company=company, draft=draft, by=by, at=at, documents=[deposit.document])
        deposit.save(update_fields=["invoice"])
        made.append(deposit.invoice)
    return made


@transaction.atomic
def take_away(*, company: Company, deposit_ids: Collection[UUID], by: User, at: datetime) -> list[Document]:
    """The deposits wait no more; their files stay on the disk. Writes `deposit.taken_away`. Raises DepositsChanged."""
    gone = _locked(company, deposit_ids)
    for deposit in gone:
        changes = {"document": [deposit.document.filename, None]}
        record_event(
            company=company, kind="deposit.taken_away", subject_id=deposit.document_id, by=by, at=at, changes=changes
        )
    Deposit.objects.filter(pk__in=[deposit.pk for deposit in gone]).delete()
    return [deposit.document for deposit in gone]


def blank_draft(company: Company, *, at: datetime, **known) -> InvoiceDraft:
    """A purchase of which only the document is there; `known` says what else is."""
    usual: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "supplier_name": UNNAMED,
        "issued_on": timezone.localdate(at),
        "currency": company.currency,
        "gross_amount": Decimal("0.00"),
        "source": Source.HAND,
    }
    return InvoiceDraft(**usual | known)


def _locked(company: Company, deposit_ids: Collection[UUID]) -> list[Deposit]:
    rows = Deposit.objects.waiting().select_for_update(of=("self",)).select_related("document")
    found = list(rows.filter(company=company, pk__in=deposit_ids).order_by("pk"))
    if not found or len(found) != len(set(deposit_ids)):
        raise DepositsChanged
    return found
