"""What people's answers teach of the weights: by nights a firm after the other, and nothing of one firm to another."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from banking.match_asking import ask_for_match
from banking.matching.fitting import Example, fit
from banking.matching.record import example_of
from banking.matching.weights import UNTRAINED, Weights
from banking.models import AGAINST, Match, MatchingPolicy, MatchState
from firms.events import record_event
from firms.models import Company, User

# The latest answers of a company: older ones are of other habits, and a night must end.
MOST_EXAMPLES = 5_000
KIND = "company.matching_learnt"


def weights_of(company: Company) -> Weights:
    """The weights in force: learnt, or untrained. No query where the company came with its `matching_policy`."""
    policy: MatchingPolicy | None = getattr(company, "matching_policy", None)
    return policy.weights if policy else UNTRAINED


def fit_firm(*, firm_id: UUID, at: datetime) -> None:
    """Fit each company of a firm on its own answers, from a prior that is fitted on those of all of them."""
    companies = Company.objects.filter(firm=firm_id).order_by("pk")
    answers = {company: _answers(company) for company in companies}
    prior = fit([example for own in answers.values() for example in own], UNTRAINED).weights
    for company, own in answers.items():
        if own or prior != UNTRAINED:
            _keep(company, own, fit(own, prior).weights, at)


def _answers(company: Company) -> list[Example]:
    """The latest answers to pairs that the machine proposed or made, the oldest first."""
    rows = Match.objects.filter(company=company, state__in=(MatchState.CONFIRMED, *AGAINST)).exclude(record={})
    forgotten = MatchingPolicy.objects.filter(company=company).values("forgotten_at")[:1]
    rows = rows.alias(forgotten=forgotten).filter(Q(forgotten=None) | Q(decided_at__gt=F("forgotten")))
    latest = rows.order_by("-decided_at", "-pk").values_list("record", "state")[:MOST_EXAMPLES]
    source = str(company.pk)
    found = [example_of(record, is_right=state == MatchState.CONFIRMED, source=source) for record, state in latest]
    return [example for example in reversed(found) if example]


@transaction.atomic
def _keep(company: Company, answers: Sequence[Example], weights: Weights, at: datetime) -> None:
    """Store what was learnt; a change of weights is told and has the company matched again."""
    policy, _ = MatchingPolicy.objects.select_for_update().get_or_create(company=company)
    right = sum(example.is_right for example in answers)
    policy.confirmed, policy.refused = right, len(answers) - right
    if weights != policy.weights:
        _change(policy, weights, None, at)
    policy.save()


def _change(policy: MatchingPolicy, weights: Weights, by: User | None, at: datetime) -> None:
    before, after = _plain(policy.weights), _plain(weights)
    policy.before, policy.version, policy.changed_at = before, policy.version + 1, at
    policy.shares, policy.proven = after["shares"], after["proven"]
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record_event(company=policy.company, kind=KIND, subject_id=policy.company_id, by=by, at=at, changes=changes)
    ask_for_match(company_id=policy.company_id)


@transaction.atomic
def forget_weights(*, company: Company, by: User, at: datetime) -> None:
    """Go back to the untrained weights; what was answered until now teaches them nothing any more."""
    policy, _ = MatchingPolicy.objects.select_for_update().get_or_create(company=company)
    policy.confirmed = policy.refused = 0
    policy.forgotten_at = at
    if policy.weights != UNTRAINED:
        _change(policy, UNTRAINED, by, at)
    policy.save()


def _plain(weights: Weights) -> dict:
    return {"shares": dict(weights.shares), "proven": weights.proven}
