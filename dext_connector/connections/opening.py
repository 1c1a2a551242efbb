"""That a company is connected to Dext: opened by its first login, consent or publish, for 365 days."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from dext_connector.models import DextConnection
from firms.events import record_event, record_in_companies
from firms.models import Company, User
from firms.typography import format_day

LASTS = timedelta(days=365)
NOTICES = (1, 7, 30)


class ConnectionEnded(Exception):
    """The company's connection has expired or was closed: a new login opens it. `str()` is one French sentence."""


def connection_for(*, company: Company, user: User, at: datetime) -> DextConnection:
    """The open connection of `company`, opened now where it never had one. Raises ConnectionEnded."""
    connection = DextConnection.objects.filter(company=company).first() or _open(company, user, at)
    connection.company = company
    check_open(connection, at)
    return connection


@transaction.atomic
def _open(company: Company, user: User, at: datetime) -> DextConnection:
    """Once, however many calls are the first."""
    connection, is_new = DextConnection.objects.get_or_create(
        company=company, defaults={"connected_at": at, "connected_by": user, "expires_at": at + LASTS}
    )
    if is_new:
        record_event(company=company, kind="connection.opened", subject_id=connection.pk, by=user, at=at)
    return connection


def connection_of(company: Company) -> DextConnection:
    """The connection of `company`, open or not. Raises Http404 where it never had one."""
    return get_object_or_404(DextConnection.objects.select_related("company"), company=company)


def standing_connection(company: Company) -> DextConnection | None:
    """The connection of `company`, open or not, kept on it: asked for twice, it costs one query."""
    return getattr(company, "dext_connection", None)


def open_connection(company: Company, *, at: datetime) -> DextConnection | None:
    """The connection of `company` where it holds at `at`."""
    row = standing_connection(company)
    return row if row and row.disconnected_at is None and row.expires_at > at else None


def check_open(connection: DextConnection, at: datetime) -> None:
    """Raises ConnectionEnded."""
    mend = "Reconnectez-vous dans Dext\u00a0: les règles et paramètres sont conservés."
    if connection.disconnected_at:
        raise ConnectionEnded(
            f"La connexion a été fermée le {format_day(timezone.localdate(connection.disconnected_at))}. {mend}"
        )
    if connection.expires_at <= at:
        raise ConnectionEnded(
            f"La connexion a expiré le {format_day(timezone.localdate(connection.expires_at))}. {mend}"
        )


@transaction.atomic
def open_connections(*, companies: Collection[Company], user: User, at: datetime) -> datetime:
    """Open or renew the connection of each company; → when they end. Activation, settings and rules are kept."""
    ends = at + LASTS
    open_ones = DextConnection.objects.select_for_update().filter(disconnected_at=None, expires_at__gt=at)
    were_open = set(open_ones.filter(company__in=companies).values_list("company_id", flat=True))
    rows = DextConnection.objects.bulk_create(
        [DextConnection(company=company, connected_at=at, connected_by=user, expires_at=ends) for company in companies],
        update_conflicts=True,
        unique_fields=["company"],
        update_fields=["connected_at", "connected_by", "expires_at", "disconnected_at", "disconnected_by"],
    )
    opened = {row.company: row.pk for row in rows if row.company_id not in were_open}
    record_in_companies(kind="connection.opened", subjects=opened, by=user, at=at)
    return ends


@transaction.atomic
def close_connection(*, connection: DextConnection, by: User, at: datetime) -> None:
    """Disconnect; what was published stays, and so do rules and settings. Twice is once."""
    row = DextConnection.objects.select_for_update().get(pk=connection.pk)
    if row.disconnected_at is None:
        row.disconnected_at, row.disconnected_by = at, by
        row.save(update_fields=["disconnected_at", "disconnected_by"])
        record_event(company=row.company, kind="connection.closed", subject_id=row.pk, by=by, at=at)
