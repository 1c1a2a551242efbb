"""What the worker does for the pages that look over all."""

from celery import shared_task
from django.utils import timezone


@shared_task
def count_what_changed() -> None:
    """Count anew what waits in the companies in which something happened; may run twice."""
    from desk.counting import companies_with_news, count_companies

    now = timezone.now()
    count_companies(company_ids=companies_with_news(at=now).values_list("pk", flat=True), at=now)
