"""The worker's part of the demonstration: wait for its matches, then confirm what a bookkeeper would."""

import time
from datetime import timedelta

from banking.models import MatchState
from banking.reconciliation import companies_with_news, confirm_match
from banking.tasks import match_company
from firms.models import Company, User

PATIENCE_SECONDS = 45.0
MUST_MATCH = ("Starbucks", "La Folie Du Pain")
# Read and confirmed by the accountant, so that « Rapproché » shows beside « Rapproché (auto) ».
READ_BY_A_PERSON = ("Leroy Merlin", "Engie Pro", "Lesaffre", "Metro France")


def wait_for_matches(company: Company, *, seconds: float = PATIENCE_SECONDS) -> bool:
    """True once the worker matched the receipts that must be, and nothing newer waits; False after `seconds`."""
    match_company.delay(company_id=str(company.pk))
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if _are_matched(company) and not _has_news(company):
            return True
        time.sleep(0.25)
    return False


def _are_matched(company: Company) -> bool:
    matched = company.matches.live().filter(invoice__supplier_name__in=MUST_MATCH)
    return matched.values("invoice__supplier_name").distinct().count() == len(MUST_MATCH)


def _has_news(company: Company) -> bool:
    return companies_with_news(margin=timedelta(0)).filter(pk=company.pk).exists()


def confirm_some(company: Company, *, by: User) -> None:
    """Confirm the automatic matches of a few suppliers."""
    automatic = company.matches.filter(state=MatchState.AUTO, invoice__supplier_name__in=READ_BY_A_PERSON)
    for match in automatic.order_by("id"):
        confirm_match(match=match, by=by)
