"""What the worker does for `banking`."""

import logging
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from banking.imports.importing import imports_left_behind, read_import
from banking.imports.watching import watch_firms
from banking.match_asking import ask_for_match, ask_for_the_rest, match_begins, news_begin, note_pace
from banking.matches.exchange_posting import post_waiting_exchanges, waiting_exchanges
from banking.matches.settling import companies_with_waiting, post_waiting
from banking.pieces.reminding import due_requests, remind
from banking.pieces.requesting import RequestNotSent
from banking.reconciliation import companies_with_news, reconcile_company
from banking.runs.lexicon import forget_old_words
from banking.runs.news import WholeRunNeeded, match_what_is_new
from banking.runs.policies import fit_firm
from firms.models import Firm

logger = logging.getLogger(__name__)


@shared_task
def match_company(*, company_id: str) -> None:
    """Match what is open in a company; may run twice. What commits from here on asks for a run of its own.

    In a company in trésorerie what was matched is then posted, elsewhere its exchange.
    """
    match_begins(company_id=UUID(company_id))
    run = reconcile_company(company_id=UUID(company_id), trigger="task")
    note_pace(company_id=UUID(company_id), took=run.took)
    post_waiting(company_id=UUID(company_id))
    post_waiting_exchanges(company_id=UUID(company_id))


@shared_task
def match_news(*, company_id: str) -> None:
    """Match what is new in a company, and all of it some time later, for the sums; may run twice."""
    news_begin(company_id=UUID(company_id))
    try:
        match_what_is_new(company_id=UUID(company_id))
    except WholeRunNeeded:
        ask_for_match(company_id=UUID(company_id))
    else:
        ask_for_the_rest(company_id=UUID(company_id))
        post_waiting(company_id=UUID(company_id))


@shared_task
def sweep_unmatched() -> None:
    """Find again the companies whose message was lost."""
    for company_id in companies_with_news(margin=timedelta(minutes=1)).values_list("pk", flat=True):
        ask_for_match(company_id=company_id)


@shared_task
def sweep_unposted_settlements() -> None:
    """Find again what a match may post since it was mended, or whose worker died."""
    for company_id in companies_with_waiting().values_list("pk", flat=True):
        post_waiting(company_id=company_id)
    for company_id in waiting_exchanges().order_by().values_list("company", flat=True).distinct():
        post_waiting_exchanges(company_id=company_id)


@shared_task
def learn_weights() -> None:
    """Have each firm's companies learn from what their people answered."""
    for firm_id in Firm.objects.values_list("pk", flat=True):
        learn_weights_of_firm.delay(firm_id=str(firm_id))


@shared_task
def learn_weights_of_firm(*, firm_id: str) -> None:
    """Fit the weights of a firm's companies; may run twice."""
    fit_firm(firm_id=UUID(firm_id), at=timezone.now())


@shared_task
def forget_words_of_old_engines() -> None:
    """Delete the words of labels that an engine of another version read; may run twice."""
    if gone := forget_old_words():
        logger.info("%s cores of labels of older engines deleted", gone)


@shared_task
def read_statement(*, import_id: str) -> None:
    """Read a statement file that waits; may run twice."""
    read_import(import_id=UUID(import_id), at=timezone.now())


@shared_task
def sweep_unread_statements() -> None:
    """Find again the files whose message was lost, or whose reader was killed."""
    for import_id in imports_left_behind(at=timezone.now()):
        read_statement.delay(import_id=str(import_id))


@shared_task
def watch_bank_feeds() -> None:
    """Take what a bank's client dropped, where a folder is watched."""
    if settings.BANK_FEED_DIR:
        watch_firms(root=Path(settings.BANK_FEED_DIR), at=timezone.now())


@shared_task
def remind_of_pieces() -> None:
    """Write again to the clients who have not brought what they were asked for; may run twice, each is told once."""
    site_url = settings.BASE_URL.rstrip("/")
    now = timezone.now()
    for request_id in due_requests(at=now).values_list("pk", flat=True) if site_url else []:
        try:
            remind(request_id=request_id, at=now, site_url=site_url)
        except RequestNotSent as error:
            logger.warning("reminder of %s: %s", request_id, error)
