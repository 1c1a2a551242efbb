"""Many automatic matches decided in one deed: called exact, or undone; each that changed meanwhile is told."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from banking.learning import lock_learnt
from banking.matches.allocating import lock_ends
from banking.matches.deciding import NOTHING_CHANGED, MatchChanged, confirm_match, undo_match
from banking.models import Match, MatchState
from firms.models import Company, User


@dataclass
class DecidedTogether:
    """How many matches were decided, a group being one, and a French sentence for each that was not."""

    done: int = 0
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def confirm_read(*, company: Company, match_ids: Collection[UUID], by: User, at: datetime) -> DecidedTogether:
    """Mark these automatic matches as read and exact."""
    return _decide_each(company, Match.objects.filter(pk__in=match_ids), confirm_match, by, at)


@transaction.atomic
def undo_of_supplier(*, company: Company, supplier_id: UUID, by: User, at: datetime) -> DecidedTogether:
    """Take back each automatic match of a supplier that no person has confirmed."""
    return _decide_each(company, automatic_of(company).filter(invoice__supplier=supplier_id), undo_match, by, at)


@transaction.atomic
def undo_of_run(*, company: Company, run_id: UUID, by: User, at: datetime) -> DecidedTogether:
    """Take back each match that one run made and no person has confirmed."""
    return _decide_each(company, automatic_of(company).filter(run=run_id), undo_match, by, at)


def automatic_of(company: Company) -> QuerySet[Match]:
    """The machine's matches that no person has read."""
    return Match.objects.filter(company=company, state=MatchState.AUTO)


def _decide_each(
    company: Company, chosen: QuerySet[Match], deed: Callable[..., Match], by: User, at: datetime
) -> DecidedTogether:
    told = DecidedTogether()
    for match in _locked(company, chosen):
        try:
            with transaction.atomic():
                if match.state != MatchState.AUTO and match.decided_by == by:
                    continue  # on the same page, one by one, just before
                if match.state != MatchState.AUTO:
                    raise _read_already(match)
                deed(match=match, by=by, at=at)
            told.done += 1
        except MatchChanged as change:
            told.changed.append(f"{match.invoice.supplier_name}\u00a0: {change}")
    return told


def _locked(company: Company, chosen: QuerySet[Match]) -> list[Match]:
    """One row of each match, as it is once all ends are locked in the order of every writer of matches."""
    rows = list(chosen.filter(company=company).order_by("pk").values_list("pk", "group"))
    groups = {group for _, group in rows if group}
    members = Match.objects.filter(Q(pk__in=[pk for pk, _ in rows]) | Q(group__in=groups), company=company)
    ends = list(members.values_list("invoice_id", "transaction_id"))
    invoices, _ = lock_ends({invoice_id for invoice_id, _ in ends}, {line_id for _, line_id in ends})
    suppliers = {invoice.supplier_id for invoice in invoices.values() if invoice.supplier_id}
    lock_learnt(company_id=company.pk, supplier_ids=suppliers)
    once = {group or pk: pk for pk, group in reversed(rows)}
    fresh = Match.objects.filter(pk__in=once.values()).select_related("invoice", "decided_by")
    return list(fresh.order_by("pk"))


def _read_already(match: Match) -> MatchChanged:
    moment = f"{timezone.localtime(match.decided_at):%H:%M}" if match.decided_at else ""
    who = f" ({moment}, {match.decided_by})" if match.decided_by else ""
    return MatchChanged(f"ce rapprochement vient d’être décidé{who}. {NOTHING_CHANGED}")
