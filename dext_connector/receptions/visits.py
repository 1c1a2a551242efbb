"""What is new to a person among the receptions of a company: what came since the visit before this one."""

from datetime import datetime, timedelta

from django.db.models import Subquery

from dext_connector.models import ReceptionVisit
from firms.models import Company, User

# Loading the page again, opening a row, turning a page: one visit.
PAUSE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=5)


def visit_columns(user: User, company: Company) -> dict[str, Subquery]:
    """`visited_at` and `unread_since` of the visit, for a query on the company."""
    row = ReceptionVisit.objects.filter(user=user, company=company)
    return {name: Subquery(row.values(name)) for name in ("visited_at", "unread_since")}


def unread_from(*, visited_at: datetime | None, unread_since: datetime | None, at: datetime) -> datetime | None:
    """Since when receptions are new, at `at`: None says all of them, nobody having looked before."""
    return visited_at if visited_at is not None and at - visited_at > PAUSE else unread_since


def note_visit(
    *, user: User, company: Company, visited_at: datetime | None, unread_since: datetime | None, at: datetime
) -> None:
    """Keep that the page was looked at; at most one query every five minutes."""
    if visited_at is not None and at - visited_at < NOTED_EVERY:
        return
    row = ReceptionVisit(user=user, company=company, visited_at=at, unread_since=unread_since)
    ReceptionVisit.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["company", "user"],
        update_fields=["visited_at", "unread_since"],
    )
