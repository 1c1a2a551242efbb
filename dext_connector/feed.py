"""What Dext is told: our events of the public kinds, of whom it may, in the order in which they are read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from achats.models import PurchaseInvoice, Source
from dext_connector.models import PublicKind
from firms.feed import head_of_feed, place_events
from firms.models import Company, Event

KEPT = timedelta(days=30)
# Events of ours that have no public kind of their own: what is taken back stands as if it had just been received.
TOLD_AS: dict[str, str] = {"purchase.restored": PublicKind.RECEIVED}


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event as Dext is told of it: ids only. `external_id` is Dext's own of a purchase, "" where it has none."""

    id: UUID
    position: int
    kind: str
    company_id: UUID
    subject_id: UUID
    external_id: str
    at: datetime


def read_feed(
    *, companies: QuerySet[Company], kinds: Collection[str], after: int, limit: int, at: datetime
) -> tuple[list[Told], int]:
    """At most `limit` events of `companies` after a position, oldest first, of the last 30 days; → and where to go on.

    No event is ever skipped, however late its transaction commits (`firms.feed`).
    """
    place_events()
    head = head_of_feed()
    ours = {*kinds, *(kind for kind, public in TOLD_AS.items() if public in kinds)}
    rows = Event.objects.filter(kind__in=ours, company__in=companies, at__gte=at - KEPT)
    found = list(rows.filter(position__gt=after, position__lte=head).order_by("position")[:limit])
    is_all = len(found) < limit
    return told(found), max(after, head) if is_all else (found[-1].position or after)


def told(events: Collection[Event]) -> list[Told]:
    """As Dext is told of `events`: one query for all."""
    subjects = PurchaseInvoice.objects.filter(pk__in={event.subject_id for event in events}, source=Source.DEXT)
    references = dict(subjects.order_by().values_list("pk", "external_id"))
    return [
        Told(
            id=event.pk,
            position=event.position or 0,
            kind=public_kind_of(event),
            company_id=event.company_id,
            subject_id=event.subject_id,
            external_id=references.get(event.subject_id, ""),
            at=event.at,
        )
        for event in events
    ]


def public_kind_of(event: Event) -> str:
    """The kind under which Dext is told of `event`."""
    return TOLD_AS.get(event.kind, event.kind)
