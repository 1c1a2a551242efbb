"""The requests of a company as its page shows them."""

from django.db.models import Count, Q, QuerySet

from banking.models import PieceRequest
from firms.models import Company

SHOWN = 50


def requests_of(company: Company) -> QuerySet[PieceRequest]:
    """The newest first, with how many lines each asks for (`asked`), how many came back (`came`), and its reminders."""
    rows = PieceRequest.objects.filter(company=company).select_related("requested_by")
    counted = rows.annotate(asked=Count("lines"), came=Count("lines", filter=Q(lines__invoice__isnull=False)))
    return counted.prefetch_related("reminders").order_by("-id")
