"""Every publish has one fate, kept with its payload and shown to accountants: nothing is ever lost unseen."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from achats.documents.keeping import clean_filename
from achats.models import PurchaseInvoice
from achats.turns import wait_our_turn
from dext_connector.calls.idempotency import KEY_LOCK, holder_of_key
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import Sent, SentDocument
from dext_connector.receptions.kept_files import keep_file
from dext_connector.receptions.searching import search_text_of
from dext_connector.serializers.items import glance_at
from firms.models import Company, User

logger = logging.getLogger(__name__)


def keep_fate(
    *,
    company: Company,
    sent: Sent,
    fate: Fate,
    http_status: int,
    answer: dict,
    by: User | None,
    at: datetime,
    invoice: PurchaseInvoice | None = None,
) -> InboxItem:
    """Write one reception, in the transaction of the caller; a publish that made nothing keeps its document too."""
    row = InboxItem.objects.create(
        company=company,
        idempotency_key=sent.idempotency_key,
        fate=fate,
        http_status=http_status,
        answer=answer,
        invoice=invoice,
        batch_id=sent.batch_id,
        position=sent.position,
        received_at=at,
        by=by,
        **_as_sent(sent),
    )
    if sent.document and fate in (Fate.REFUSED, Fate.FAILED):
        _keep_document(row, sent.document)
    return row


def _as_sent(sent: Sent) -> dict[str, Any]:
    """What came, in the columns of a reception."""
    glance = glance_at(sent.payload)
    return {
        "external_id": sent.external_id,
        "received_key": sent.received_key or sent.idempotency_key,
        "body_sha256": sent.digest,
        "payload": sent.payload,
        "raw_body": sent.raw,
        "supplier_name": glance.supplier,
        "total": glance.total,
        "currency": glance.currency,
        "search_text": search_text_of(sent.external_id, glance),
        "document_name": clean_filename(sent.document.filename) or "document" if sent.document else "",
        "document_size": len(sent.document.content) if sent.document else None,
        "request_id": sent.request_id,
        "duration_ms": sent.elapsed_ms() if sent.elapsed_ms else None,
    }


def _keep_document(row: InboxItem, document: SentDocument) -> None:
    """A disk that refuses must not lose the fate itself: then the page says that the document is not there."""
    try:
        keep_file(row.pk, document.content)
    except OSError:
        logger.exception("The document of reception %s could not be kept", row.pk)
        return
    row.is_document_kept = True
    row.save(update_fields=["is_document_kept"])


def keep_problem(
    *, company: Company, sent: Sent, problem: dict, by: User | None, at: datetime, holds_key: bool
) -> None:
    """As `keep_refusal`, from the problem that is answered; a database that is away is told in the log."""
    status = problem["status"]
    try:
        keep_refusal(company=company, sent=sent, http_status=status, answer=problem, by=by, at=at, holds_key=holds_key)
    except DatabaseError:
        logger.exception("The fate of call %s could not be kept", sent.request_id)


@transaction.atomic
def keep_refusal(
    *, company: Company, sent: Sent, http_status: int, answer: dict, by: User | None, at: datetime, holds_key: bool
) -> InboxItem:
    """Write, in a transaction of its own, that a publish was refused (4xx) or failed (5xx, 429: Dext sends it again).

    `holds_key` says that the same key, or the same place in the same batch, answers this refusal from now on; never
    where the key was not the call's to hold, and a failure never does.
    """
    fate = Fate.FAILED if http_status >= 500 or http_status == 429 else Fate.REFUSED
    is_first_answer = holds_key and fate == Fate.REFUSED
    key = sent.idempotency_key if is_first_answer else ""
    if key:
        wait_our_turn(KEY_LOCK, company.pk, key)
        key = "" if holder_of_key(company=company, key=key, at=at) else key
    kept = replace(sent, idempotency_key=key, received_key=sent.idempotency_key)
    if not is_first_answer:
        kept = kept.outside_batch
    return keep_fate(company=company, sent=kept, fate=fate, http_status=http_status, answer=answer, by=by, at=at)
