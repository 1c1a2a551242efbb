"""What the worker does for `banking`."""

import logging
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

GATHERING_SECONDS = 1
FORGOTTEN_AFTER_SECONDS = 30


def ask_for_match(*, company_id: UUID) -> None:
    """Have a company matched once the transaction commits; a burst of askings costs one run, not one each.

    Where the broker is away, what was written stands all the same, and the sweep finds it.
    """
    transaction.on_commit(partial(_enqueue, str(company_id)), robust=True)


def _enqueue(company_id: str) -> None:
    if cache.add(_waiting(company_id), 1, timeout=FORGOTTEN_AFTER_SECONDS):
        match_company.apply_async(kwargs={"company_id": company_id}, countdown=GATHERING_SECONDS)


def _waiting(company_id: str) -> str:
    """The key that says that a run is asked for and has not begun."""
    return f"match-waits:{company_id}"


@shared_task
def match_company(*, company_id: str) -> None:
    """Match what is open in a company; may run twice. What commits from here on asks for a run of its own.

    In a company in trésorerie what was matched is then posted.
    """
    from banking.reconciliation import reconcile_company
    from banking.settling import post_waiting

    cache.delete(_waiting(company_id))
    reconcile_company(company_id=UUID(company_id), trigger="task")
    post_waiting(company_id=UUID(company_id))


@shared_task
def sweep_unmatched() -> None:
    """Find again the companies whose message was lost."""
    from banking.reconciliation import companies_with_news

    for company_id in companies_with_news(margin=timedelta(minutes=1)).values_list("pk", flat=True):
        ask_for_match(company_id=company_id)


@shared_task
def sweep_unposted_settlements() -> None:
    """Find again what a match may post since it was mended, or whose worker died."""
    from banking.settling import companies_with_waiting, post_waiting

    for company_id in companies_with_waiting().values_list("pk", flat=True):
        post_waiting(company_id=company_id)


@shared_task
def learn_weights() -> None:
    """Have each firm's companies learn from what their people answered."""
    from firms.models import Firm

    for firm_id in Firm.objects.values_list("pk", flat=True):
        learn_weights_of_firm.delay(firm_id=str(firm_id))


@shared_task
def learn_weights_of_firm(*, firm_id: str) -> None:
    """Fit the weights of a firm's companies; may run twice."""
    from banking.policies import fit_firm

    fit_firm(firm_id=UUID(firm_id), at=timezone.now())


@shared_task
def read_statement(*, import_id: str) -> None:
    """Read a statement file that waits; may run twice."""
    from banking.importing import read_import

    read_import(import_id=UUID(import_id), at=timezone.now())


@shared_task
def sweep_unread_statements() -> None:
    """Find again the files whose message was lost, or whose reader was killed."""
    from banking.importing import imports_left_behind

    for import_id in imports_left_behind(at=timezone.now()):
        read_statement.delay(import_id=str(import_id))


@shared_task
def watch_bank_feeds() -> None:
    """Take what a bank's client dropped, where a folder is watched."""
    from banking.watching import watch_firms

    if settings.BANK_FEED_DIR:
        watch_firms(root=Path(settings.BANK_FEED_DIR), at=timezone.now())


@shared_task
def remind_of_pieces() -> None:
    """Write again to the clients who have not brought what they were asked for; may run twice, each is told once."""
    from banking.pieces.reminding import due_requests, remind
    from banking.pieces.requesting import RequestNotSent

    site_url = settings.BASE_URL.rstrip("/")
    now = timezone.now()
    for request_id in due_requests(at=now).values_list("pk", flat=True) if site_url else []:
        try:
            remind(request_id=request_id, at=now, site_url=site_url)
        except RequestNotSent as error:
            logger.warning("reminder of %s: %s", request_id, error)
