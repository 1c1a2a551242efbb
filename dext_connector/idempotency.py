"""Twice is once: what was already answered, and who has to wait.

`Idempotency-Key` guards the network's retries, Dext's `external_id` the user's. Both are held by a lock of PostgreSQL
that ends with the transaction, so that simultaneous calls see each other.
"""

from datetime import datetime, timedelta

from django.db import connection

from achats.models import PurchaseInvoice, Source, Status
from achats.turns import wait_our_turn
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import Sent
from firms.models import Company

KEPT = timedelta(days=30)
LONGEST_KEY = 128
KEY_LOCK = "dext_connector.key"


class KeyMalformed(Exception):
    """The key is longer than 128 characters or has others than printable ASCII."""


class KeyReused(Exception):
    """The key came before with another body."""


class StillRunning(Exception):
    """A call with the same key has not been answered yet."""

    retry_after = 1


class AlreadyPublished(Exception):
    """The external id has a live purchase, `existing`. `str()` is one French sentence."""

    def __init__(self, existing: PurchaseInvoice) -> None:
        super().__init__(
            f"«\u00a0{existing.external_id}\u00a0» est déjà dans MEG ({existing.get_status_display()})\u00a0:"
            " ouvrez-la dans MEG, ou annulez-y cette publication avant de la publier à nouveau."
        )
        self.existing = existing


def check_key(key: str) -> str:
    """Raises KeyMalformed."""
    if len(key) > LONGEST_KEY or not key.isascii() or not (key.isprintable() or not key):
        raise KeyMalformed
    return key


def answered_before(*, company: Company, sent: Sent, at: datetime) -> InboxItem | None:
    """The reception that answers `sent`, or None where it is new; to be called inside the publish transaction.

    Until that transaction ends nobody else publishes this key or external id. Raises StillRunning, KeyReused,
    AlreadyPublished.
    """
    if sent.idempotency_key:
        if not _hold(f"{KEY_LOCK} {company.pk} {sent.idempotency_key}"):
            raise StillRunning
        if first := holder_of_key(company=company, key=sent.idempotency_key, at=at):
            if first.body_sha256 != sent.digest:
                raise KeyReused
            return first
    if not sent.external_id:
        return None
    wait_our_turn("dext_connector.item", company.pk, sent.external_id)
    return _creation_of(company, sent)


def holder_of_key(*, company: Company, key: str, at: datetime) -> InboxItem | None:
    """The reception that `key` answers to; a key older than 30 days is forgotten."""
    row = InboxItem.objects.answering().filter(company=company, idempotency_key=key).first()
    if row is not None and row.received_at < at - KEPT:
        row.idempotency_key = ""
        row.save(update_fields=["idempotency_key"])
        return None
    return row


def _creation_of(company: Company, sent: Sent) -> InboxItem | None:
    """Without a key, the same external id and body is a replay; anything else on a live purchase is refused.

    Where the purchase was made from MEG (replayed, moved here), Dext was never told: its next same body is a replay,
    whatever its key.
    """
    created = InboxItem.objects.filter(company=company, external_id=sent.external_id, fate=Fate.CREATED)
    live = created.filter(invoice__source=Source.DEXT).exclude(invoice__status=Status.CANCELLED)
    first = live.select_related("invoice").first()
    if first is None or first.invoice is None:
        return None
    was_told = first.replayed_from_id is None and first.moved_from_id is None
    if (sent.idempotency_key and was_told) or first.body_sha256 != sent.digest:
        raise AlreadyPublished(first.invoice)
    return first


def _hold(name: str) -> bool:
    """Take a lock of `wait_our_turn` until the transaction ends, unless another has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]
