"""The requests of a company as its page shows them."""

from django.db.models import Count, Q, QuerySet

from banking.models import PieceRequest
from firms.models import Company

SHOWN = 50


def requests_of(company: Company) -> QuerySet[PieceRequest]:
    """The newest first, with how many lines each asks for (`asked`) and how many came back (`came`)."""
    rows = PieceRequest.objects.filter(company=company).select_related("requested_by")
    counted = rows.annotate(asked=Count("lines"), came=Count("lines", filter=Q(lines__invoice__isnull=False)))
    return counted.order_by("-id")
