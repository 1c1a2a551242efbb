"""Where the connection of a company stands, as its pages say it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from dext_connector.connections.opening import open_connection, standing_connection
from dext_connector.models import DextAuthorization, DextConnection, NoticeKind
from firms.models import Company


class State(StrEnum):
    """A connection that nobody's tokens serve any more is revoked, though its year is not over."""

    NEVER = "never"
    OPEN = "open"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Ending:
    """That an open connection ends within 30 days: `days` is 0 on its last day."""

    connection: DextConnection
    days: int


def state_of(company: Company, *, at: datetime) -> tuple[State, DextConnection | None]:
    connection = standing_connection(company)
    if connection is None:
        return State.NEVER, None
    if connection.disconnected_at is not None:
        return State.CLOSED, connection
    if connection.expires_at <= at:
        return State.EXPIRED, connection
    is_served = DextAuthorization.objects.living(at).reaching(company).exists()
    return State.OPEN if is_served else State.REVOKED, connection


def ending_of(company: Company, *, at: datetime) -> Ending | None:
    """What the banner says from 30 days before the end; None before, and once it is over or was closed."""
    connection = open_connection(company, at=at)
    if connection is None:
        return None
    days = (timezone.localdate(connection.expires_at) - timezone.localdate(at)).days
    return Ending(connection, days) if days <= NoticeKind.MONTH else None
