"""A company's invoices against its bank lines: rows → facts, ask the engine, store what it decided."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from achats.models import PurchaseInvoice
from achats.turns import wait_our_turn
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match, undo_match
from banking.matching.engine import ENGINE_VERSION
from banking.matching.observing import observe
from banking.matching.rounds import match_through
from banking.models import BankTransaction, MatchRun
from banking.runs.facts import read_facts
from banking.runs.lexicon import words_seen
from banking.runs.storing import store_decisions
from firms.models import Company

__all__ = [
    "MatchChanged",
    "companies_with_news",
    "confirm_match",
    "reconcile_company",
    "refuse_match",
    "undo_match",
]


@transaction.atomic
def reconcile_company(*, company_id: UUID, trigger: str = "") -> MatchRun:
    """Ask the engine about what is open in the company and store its decisions; one run at a time in a company.

    It is asked until it has said all: a second run on what nobody touched makes nothing more. `trigger` says who asked
    (« hand » a person, « task » the worker). Raises Company.DoesNotExist.
    """
    wait_our_turn("match", company_id, "run")
    started_at = timezone.now()
    facts = read_facts(company_id)
    run = MatchRun(company=facts.company, engine_version=ENGINE_VERSION, trigger=trigger, started_at=started_at)
    seen = words_seen(company_id, facts.transactions)
    decisions = match_through(facts.invoices, facts.transactions, facts.memory, facts.policy, seen)
    store_decisions(run, facts, observe(decisions, facts.transactions, facts.observed_accounts))
    return run


def companies_with_news(*, margin: timedelta) -> QuerySet[Company]:
    """Companies with an open invoice or line newer than the start of their last run, less a margin.

    The margin is for what was written before that start and committed after it.
    """
    last = MatchRun.objects.whole().filter(company=OuterRef("pk")).order_by("-started_at").values("started_at")[:1]
    since = Q(since=None)
    invoices = PurchaseInvoice.objects.unsettled().filter(company=OuterRef("pk"))
    lines = BankTransaction.objects.unmatched().filter(company=OuterRef("pk"))
    newer = OuterRef("since") - margin
    return Company.objects.annotate(since=Subquery(last)).filter(
        Exists(invoices.filter(updated_at__gt=newer))
        | Exists(lines.filter(created_at__gt=newer))
        | (since & (Exists(invoices) | Exists(lines)))
    )
