"""Every publish has one fate, kept with its payload and shown to accountants: nothing is ever lost unseen."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from achats.models import PurchaseInvoice
from achats.turns import wait_our_turn
from dext_connector.idempotency import KEY_LOCK, holder_of_key
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import Sent
from firms.models import Company, User


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
        request_id=sent.request_id,
        received_at=at,
        by=by,
    )


@transaction.atomic
def keep_refusal(
    *, company: Company, sent: Sent, http_status: int, answer: dict, by: User | None, at: datetime, holds_key: bool
) -> InboxItem:
    """Write, in a transaction of its own, that a publish was refused (4xx) or failed (5xx: Dext sends it again).

    `holds_key` says that the same key answers this refusal from now on; never where the key was not the call's to
    hold, and a failure never does.
    """
    fate = Fate.FAILED if http_status >= 500 else Fate.REFUSED
    key = sent.idempotency_key if holds_key and fate == Fate.REFUSED else ""
    if key:
        wait_our_turn(KEY_LOCK, company.pk, key)
        key = "" if holder_of_key(company=company, key=key, at=at) else key
    kept = replace(sent, idempotency_key=key)
    return keep_fate(company=company, sent=kept, fate=fate, http_status=http_status, answer=answer, by=by, at=at)
