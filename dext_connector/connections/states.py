"""Where the connection of a company stands, as its pages say it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.utils import timezone

from dext_connector.connections.opening import open_connection, standing_connection
from dext_connector.models import DextAuthorization, DextConnection, Fate, InboxItem, NoticeKind
from firms.models import Company


class State(StrEnum):
    """A connection that nobody's tokens serve any more is revoked, though its year is not over."""

    NEVER = "never"
    OPEN = "open"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reception:
    """What Dext last sent to a company, and what became of it."""

    at: datetime
    fate: Fate


@dataclass(frozen=True, slots=True)
class Standing:
    """`connection` bears who opened and closed it; None where the company never had one."""

    state: State
    connection: DextConnection | None
    last: Reception | None


@dataclass(frozen=True, slots=True)
class Ending:
    """That an open connection ends within 30 days: `days` is 0 on its last day."""

    connection: DextConnection
    days: int


def standing_of(company: Company, *, at: datetime) -> Standing:
    """One query, which spares the banner its own; two where the company never was connected."""
    received = InboxItem.objects.for_company(company)
    of_one = received.filter(company=OuterRef("company"))
    rows = DextConnection.objects.select_related("connected_by", "disconnected_by").annotate(
        is_served=Exists(DextAuthorization.objects.living(at).reaching(company)),
        last_at=Subquery(of_one.values("received_at")[:1]),
        last_fate=Subquery(of_one.values("fate")[:1]),
    )
    prefetch_related_objects([company], Prefetch("dext_connection", rows))
    connection: Any = standing_connection(company)  # with what was asked of it above
    if connection is None:
        last = received.values_list("received_at", "fate").first()
        return Standing(State.NEVER, None, _reception(*last or (None, "")))
    state = _state(connection, is_served=connection.is_served, at=at)
    return Standing(state, connection, _reception(connection.last_at, connection.last_fate))


def _state(connection: DextConnection, *, is_served: bool, at: datetime) -> State:
    if connection.disconnected_at is not None:
        return State.CLOSED
    if connection.expires_at <= at:
        return State.EXPIRED
    return State.OPEN if is_served else State.REVOKED


def _reception(at: datetime | None, fate: str) -> Reception | None:
    return Reception(at, Fate(fate)) if at else None


def ending_of(company: Company, *, at: datetime) -> Ending | None:
    """What the banner says from 30 days before the end; None before, and once it is over or was closed."""
    connection = open_connection(company, at=at)
    if connection is None:
        return None
    days = (timezone.localdate(connection.expires_at) - timezone.localdate(at)).days
    return Ending(connection, days) if days <= NoticeKind.MONTH else None
