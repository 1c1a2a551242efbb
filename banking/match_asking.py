"""A company is matched soon after a change: a burst of askings costs one run, not one each."""

from functools import partial
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from firms.sending import send

GATHERING_SECONDS = 1
FORGOTTEN_AFTER_SECONDS = 30


def ask_for_match(*, company_id: UUID) -> None:
    """Have a company matched once the transaction commits.

    Where the broker is away, what was written stands all the same, and the sweep finds it.
    """
    transaction.on_commit(partial(_enqueue, str(company_id)), robust=True)


def _enqueue(company_id: str) -> None:
    if cache.add(_waiting(company_id), 1, timeout=FORGOTTEN_AFTER_SECONDS):
        send("banking.tasks.match_company", {"company_id": company_id}, after_seconds=GATHERING_SECONDS)


def match_begins(*, company_id: UUID) -> None:
    """What commits from here on asks for a run of its own."""
    cache.delete(_waiting(str(company_id)))


def _waiting(company_id: str) -> str:
    """The key that says that a run is asked for and has not begun."""
    return f"match-waits:{company_id}"
