"""What Dext is told: which of our events are public, to whom, and in which order they are read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from achats.models import PurchaseInvoice, Source
from dext_connector.models import PublicKind
from firms.feed import head_of_feed, place_events
from firms.models import Company, Event

KEPT = timedelta(days=30)
# Each public kind and what begins the names of our own events that it stands for.
PUBLIC: dict[str, tuple[str, ...]] = {
    PublicKind.RECEIVED: ("purchase.received",),
    PublicKind.NOT_READY: ("purchase.not_ready",),
    PublicKind.POSTED: ("purchase.posted",),
    PublicKind.SETTLED: ("purchase.settled",),
    PublicKind.MATCHED: ("purchase.matched",),
    PublicKind.UNMATCHED: ("purchase.unmatched",),
    PublicKind.CANCELLED: ("purchase.cancelled",),
    PublicKind.REFERENCE: ("reference.changed",),
    PublicKind.EXPIRING: ("connection.expiring",),
}


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


def public_kind(kind: str) -> str | None:
    """None for what is ours alone."""
    return next((public for public, starts in PUBLIC.items() if kind.startswith(starts)), None)


def read_feed(
    *, companies: QuerySet[Company], kinds: Collection[str], after: int, limit: int, at: datetime
) -> tuple[list[Told], int]:
    """At most `limit` events of `companies` after a position, oldest first, of the last 30 days; → and where to go on.

    No event is ever skipped, however late its transaction commits (`firms.feed`).
    """
    place_events()
    head = head_of_feed()
    rows = Event.objects.filter(_of_kinds(kinds), company__in=companies, at__gte=at - KEPT)
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
            kind=public_kind(event.kind) or event.kind,
            company_id=event.company_id,
            subject_id=event.subject_id,
            external_id=references.get(event.subject_id, ""),
            at=event.at,
        )
        for event in events
    ]


def _of_kinds(kinds: Collection[str]) -> Q:
    found = Q()
    for kind in kinds:
        for start in PUBLIC[kind]:
            found |= Q(kind__startswith=start) if start.endswith(".") else Q(kind=start)
    return found
