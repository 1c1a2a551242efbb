"""A company is matched soon after a change: a burst of askings costs one run, not one each.

Where the broker is away, what was written stands all the same, and the sweep finds it.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from firms.sending import send

GATHERING_SECONDS = 1
FORGOTTEN_AFTER_SECONDS = 30
LONG = timedelta(seconds=3)
WHOLE_AFTER_SECONDS = 60


def ask_for_match(*, company_id: UUID) -> None:
    """Have a company matched once the transaction commits."""
    transaction.on_commit(partial(_enqueue, str(company_id)), robust=True)


def ask_for_news(*, company_id: UUID) -> None:
    """Have what the transaction brings matched once it commits; soon by itself where a whole run takes long."""
    transaction.on_commit(partial(_enqueue_news, str(company_id)), robust=True)


def ask_for_the_rest(*, company_id: UUID) -> None:
    """Have the whole company matched some time after what is new in it."""
    if cache.add(f"whole-waits:{company_id}", 1, timeout=WHOLE_AFTER_SECONDS):
        send("banking.tasks.match_company", {"company_id": str(company_id)}, after_seconds=WHOLE_AFTER_SECONDS)


def match_begins(*, company_id: UUID) -> None:
    """What commits from here on asks for a run of its own."""
    cache.delete(_waiting(str(company_id)))


def news_begin(*, company_id: UUID) -> None:
    """What commits from here on is news that wait for a run of their own."""
    cache.delete(_news_waiting(str(company_id)))


def note_pace(*, company_id: UUID, took: timedelta) -> None:
    """Remember whether a whole run of this company takes long."""
    if took > LONG:
        cache.set(_slow(str(company_id)), 1, timeout=None)
    else:
        cache.delete(_slow(str(company_id)))


def _enqueue(company_id: str) -> None:
    if cache.add(_waiting(company_id), 1, timeout=FORGOTTEN_AFTER_SECONDS):
        send("banking.tasks.match_company", {"company_id": company_id}, after_seconds=GATHERING_SECONDS)


def _enqueue_news(company_id: str) -> None:
    if not cache.get(_slow(company_id)):
        _enqueue(company_id)
    elif cache.add(_news_waiting(company_id), 1, timeout=FORGOTTEN_AFTER_SECONDS):
        send("banking.tasks.match_news", {"company_id": company_id}, after_seconds=GATHERING_SECONDS)


def _slow(company_id: str) -> str:
    """The key that says that the last whole run took long."""
    return f"match-slow:{company_id}"


def _waiting(company_id: str) -> str:
    """The key that says that a run is asked for and has not begun."""
    return f"match-waits:{company_id}"


def _news_waiting(company_id: str) -> str:
    """The key that says that a run on the news is asked for and has not begun."""
    return f"news-wait:{company_id}"
