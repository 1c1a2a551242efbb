"""« Rejouer »: a refusal whose cause was mended in MEG is published again, once, by the person who asks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from achats.turns import wait_our_turn
from dext_connector.calls.idempotency import KEY_LOCK
from dext_connector.models import Fate, InboxItem, InboxItemQuerySet
from dext_connector.payloads import Sent, SentDocument
from dext_connector.receiving import digest_of
from dext_connector.receptions.kept_files import KEPT, kept_bytes
from dext_connector.receptions.mending import UNREADABLE
from dext_connector.receptions.resending import NotTaken, resend
from dext_connector.serializers.items import read_item
from firms.events import record_event
from firms.models import User

MOST_AT_ONCE = 100


class NotReplayable(Exception):
    """The reception cannot be replayed, or not yet. `str()` is one French sentence."""


@dataclass(frozen=True)
class Replays:
    """How many refusals were replayed, and how many still wait for a mend."""

    done: int
    blocked: int


@transaction.atomic
def replay_reception(*, reception: InboxItem, by: User, at: datetime, base_url: str) -> InboxItem:
    """Publish again what was refused, with the document that came; → the reception that it makes. Twice is once.

    The key that answered the refusal answers the creation from now on, and Dext's next same body is a replay. Raises
    NotReplayable: then nothing is stored.
    """
    wait_our_turn(KEY_LOCK, reception.company_id, reception.idempotency_key)
    row = InboxItem.objects.select_for_update(of=("self",)).select_related("company").get(pk=reception.pk)
    if done := row.replays.filter(fate=Fate.CREATED).first():
        return done
    if row.fate not in (Fate.REFUSED, Fate.FAILED) or row.payload is None:
        raise NotReplayable(UNREADABLE if row.payload is None else "Cette réception n’a pas été refusée.")
    created = _publish_again(row, by, at, base_url)
    _hand_over_key(row, created)
    changes = {"reception": [str(row.pk), str(created.pk)]}
    record_event(company=row.company, kind="reception.replayed", subject_id=created.pk, by=by, at=at, changes=changes)
    return created


def replay_mended(*, receptions: InboxItemQuerySet, by: User, at: datetime, base_url: str) -> Replays:
    """Replay what can be of `receptions`, the oldest first, at most 100, each in a transaction of its own.

    A refusal whose document is no longer kept waits for a person to decide on it alone.
    """
    done = blocked = 0
    for row in reversed(replayable(receptions, at=at)[:MOST_AT_ONCE]):
        try:
            replay_reception(reception=row, by=by, at=at, base_url=base_url)
            done += 1
        except NotReplayable:
            blocked += 1
    return Replays(done, blocked)


def replayable(receptions: InboxItemQuerySet, *, at: datetime) -> InboxItemQuerySet:
    """The refusals of the last 90 days that nothing has replaced since, whole with their document."""
    recent = receptions.unanswered().filter(payload__isnull=False, received_at__gte=at - KEPT)
    return recent.filter(Q(document_name="") | Q(is_document_kept=True)).order_by("-id")


def _publish_again(row: InboxItem, by: User, at: datetime, base_url: str) -> InboxItem:
    data = kept_bytes(row)
    document = SentDocument(filename=row.document_name, content=data) if data is not None else None
    payload = row.payload or {}
    sent = Sent(payload=payload, digest=digest_of(payload, document), external_id=row.external_id, document=document)
    try:
        return resend(company=row.company, item=read_item(payload), sent=sent, by=by, at=at, base_url=base_url)
    except NotTaken as refusal:
        raise NotReplayable(str(refusal)) from refusal


def _hand_over_key(row: InboxItem, created: InboxItem) -> None:
    key, row.idempotency_key = row.idempotency_key, ""
    row.save(update_fields=["idempotency_key"])
    created.replayed_from, created.idempotency_key = row, key
    created.save(update_fields=["replayed_from", "idempotency_key"])
