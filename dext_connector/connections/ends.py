"""The end of connections is told of 30, 7 and 1 days before, and when it comes: once each."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef

from dext_connector.models import ConnectionNotice, DextConnection, NoticeKind
from firms.events import record_event


def tell_of_ends(*, at: datetime) -> int:
    """Record `connection.expiring` and `connection.expired` where they are due at `at`; → how many. Twice is once.

    A day without the worker is made up for, but for what is no longer true: 6 days before the end, 30 is not told.
    """
    moments = sorted(NoticeKind, key=int)
    told = sum(_tell(NoticeKind.ENDED, row, at) for row in _due(NoticeKind.ENDED).filter(expires_at__lte=at))
    for sooner, kind in pairwise(moments):
        soon = _due(kind).filter(
            expires_at__gt=at + timedelta(days=int(sooner)), expires_at__lte=at + timedelta(days=int(kind))
        )
        told += sum(_tell(kind, row, at) for row in soon)
    return told


def _due(kind: NoticeKind):
    """Connections that were not closed and of which `kind` was not told."""
    told = ConnectionNotice.objects.filter(connection=OuterRef("pk"), ends_at=OuterRef("expires_at"), kind=kind)
    rows = DextConnection.objects.select_related("company").filter(~Exists(told), disconnected_at=None)
    return rows.order_by("pk")


@transaction.atomic
def _tell(kind: NoticeKind, connection: DextConnection, at: datetime) -> bool:
    _, is_new = ConnectionNotice.objects.get_or_create(
        connection=connection,
        ends_at=connection.expires_at,
        kind=kind,
        defaults={"company": connection.company, "told_at": at},
    )
    if is_new:
        name = "connection.expired" if kind == NoticeKind.ENDED else "connection.expiring"
        changes = {"days_left": [None, int(kind)], "expires_at": [None, connection.expires_at.isoformat()]}
        record_event(company=connection.company, kind=name, subject_id=connection.pk, at=at, changes=changes)
    return is_new
