"""The requests of a company as its page shows them."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from banking.models import PieceReminder, PieceRequest
from banking.pieces.reminding import remindable_requests
from firms.models import Company

SHOWN = 50


def requests_of(company: Company, *, at: datetime) -> QuerySet[PieceRequest]:
    """The newest first: one query.

    Each tells how many lines it asks for (`asked`), how many came back (`came`), whether a person may have it reminded
    now (`may_be_reminded`), when its reminders left (`reminded_at`), and which of them perhaps did not (`uncertain`).
    """
    rows = PieceRequest.objects.filter(company=company).select_related("requested_by")
    counted = rows.annotate(asked=Count("lines"), came=Count("lines", filter=Q(lines__invoice__isnull=False)))
    reminders = PieceReminder.objects.filter(request=OuterRef("pk")).order_by("number")
    return counted.annotate(
        reminded_at=ArraySubquery(reminders.values("begun_at")),
        uncertain=ArraySubquery(reminders.filter(sent_at=None).values("begun_at")),
        may_be_reminded=Exists(remindable_requests(at=at).filter(pk=OuterRef("pk"))),
    ).order_by("-id")
