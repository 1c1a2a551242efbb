"""Twice is once: what was already answered, and who has to wait.

`Idempotency-Key` guards the network's retries, Dext's `external_id` the user's. Both are held by a lock of PostgreSQL
that ends with the transaction, so that simultaneous calls see each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from achats.models import PurchaseInvoice, Source, Status
from achats.turns import wait_our_turn
from dext_connector.models import Fate, InboxItem, PublishBatch
from dext_connector.payloads import Sent, SentBatch
from firms.models import Company

KEPT = timedelta(days=30)
LONGEST_KEY = 128
KEY_LOCK = "dext_connector.key"
ITEM_LOCK = "dext_connector.item"


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
    if first := answer_of_key(company=company, sent=sent, at=at):
        return first
    if not sent.external_id:
        return None
    wait_our_turn(ITEM_LOCK, company.pk, sent.external_id)
    return _creation_of(company, sent)


def answer_of_key(*, company: Company, sent: Sent, at: datetime) -> InboxItem | None:
    """The reception that the key of `sent`, if any, answers to; the key is ours until the transaction ends.

    Raises StillRunning, KeyReused.
    """
    if not sent.idempotency_key:
        return None
    if not _hold(f"{KEY_LOCK} {company.pk} {sent.idempotency_key}"):
        raise StillRunning
    first = holder_of_key(company=company, key=sent.idempotency_key, at=at)
    if first is None and batch_of_key(company=company, key=sent.idempotency_key, at=at) is None:
        return None
    if first is None or first.body_sha256 != sent.digest:
        raise KeyReused
    return first


@contextmanager
def key_of_batch(*, company: Company, batch: SentBatch, at: datetime) -> Iterator[PublishBatch | None]:
    """Hold the key of a batch over the transactions of its items; → what is remembered of it, None without a key.

    The lock ends with the connection, so a process that dies lets it go. Raises StillRunning, KeyReused.
    """
    if not batch.idempotency_key:
        yield None
        return
    name = f"{KEY_LOCK} {company.pk} {batch.idempotency_key}"
    if not _ask("pg_try_advisory_lock", name):
        raise StillRunning
    try:
        yield _remember(company, batch, at)
    finally:
        _ask("pg_advisory_unlock", name)


def _remember(company: Company, batch: SentBatch, at: datetime) -> PublishBatch:
    if holder_of_key(company=company, key=batch.idempotency_key, at=at):
        raise KeyReused
    known = batch_of_key(company=company, key=batch.idempotency_key, at=at)
    if known is not None and known.body_sha256 != batch.digest:
        raise KeyReused
    return known or PublishBatch.objects.create(
        company=company, idempotency_key=batch.idempotency_key, body_sha256=batch.digest, received_at=at
    )


def batch_of_key(*, company: Company, key: str, at: datetime) -> PublishBatch | None:
    """The batch that came with `key` in the last 30 days."""
    return _unless_old(PublishBatch.objects.filter(company=company, idempotency_key=key).first(), at)


def holder_of_key(*, company: Company, key: str, at: datetime) -> InboxItem | None:
    """The reception that `key` answers to; a key older than 30 days is forgotten."""
    return _unless_old(InboxItem.objects.answering().filter(company=company, idempotency_key=key).first(), at)


def forget_old_keys(*, at: datetime) -> int:
    """Take their key from what came more than 30 days before `at`; the rows stay. → how many it was."""
    old = {"received_at__lt": at - KEPT}
    receptions = InboxItem.objects.exclude(idempotency_key="").filter(**old).update(idempotency_key="")
    return receptions + PublishBatch.objects.exclude(idempotency_key="").filter(**old).update(idempotency_key="")


def _unless_old[Row: (InboxItem, PublishBatch)](row: Row | None, at: datetime) -> Row | None:
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
    return _ask("pg_try_advisory_xact_lock", name)


def _ask(function: str, name: str) -> bool:
    """What one of PostgreSQL's functions on advisory locks answers for `name`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]
