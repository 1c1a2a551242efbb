"""Every publish has one fate, kept with its payload and shown to accountants: nothing is ever lost unseen."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, transaction

from achats.models import PurchaseInvoice
from achats.turns import wait_our_turn
from dext_connector.idempotency import KEY_LOCK, holder_of_key
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import Sent
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
    """Write one reception, in the transaction of the caller."""
    return InboxItem.objects.create(
        company=company,
        external_id=sent.external_id,
        idempotency_key=sent.idempotency_key,
        body_sha256=sent.digest,
        payload=sent.payload,
        fate=fate,
        http_status=http_status,
        answer=answer,
        invoice=invoice,
        batch_id=sent.batch_id,
        position=sent.position,
        request_id=sent.request_id,
        received_at=at,
        by=by,
    )


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
    """Write, in a transaction of its own, that a publish was refused (4xx) or failed (5xx: Dext sends it again).

    `holds_key` says that the same key, or the same place in the same batch, answers this refusal from now on; never
    where the key was not the call's to hold, and a failure never does.
    """
    fate = Fate.FAILED if http_status >= 500 else Fate.REFUSED
    is_first_answer = holds_key and fate == Fate.REFUSED
    key = sent.idempotency_key if is_first_answer else ""
    if key:
        wait_our_turn(KEY_LOCK, company.pk, key)
        key = "" if holder_of_key(company=company, key=key, at=at) else key
    kept = replace(sent, idempotency_key=key)
    if not is_first_answer:
        kept = kept.outside_batch
    return keep_fate(company=company, sent=kept, fate=fate, http_status=http_status, answer=answer, by=by, at=at)
