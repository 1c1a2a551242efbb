"""A decision is recorded well enough to be taken again."""

import json

from hypothesis import given, settings

from banking.matching.engine import match
from banking.matching.facts import Policy
from banking.matching.record import decide_again
from banking.matching.weights import UNTRAINED, Weights
from tests.banking.matching.dossier import Dossier, make_dossier
from tests.banking.matching.made import a_line, an_invoice
from tests.banking.matching.test_properties import dossiers


def replayed(record, score: int, weights: Weights = UNTRAINED) -> tuple[str, int]:
    """As it comes back from the database."""
    return decide_again(json.loads(json.dumps(dict(record))), score, weights)


@settings(max_examples=30, deadline=None)
@given(dossiers)
def test_the_same_engine_decides_the_same_of_what_it_recorded(dossier: Dossier) -> None:
    for decision in match(dossier.invoices, dossier.transactions):
        assert replayed(decision.record, decision.score) == (decision.state, decision.score)


def test_a_large_dossier_is_replayed_without_a_difference() -> None:
    dossier = make_dossier(seed=4_711, size=600)
    decisions = match(dossier.invoices, dossier.transactions)
    assert {decision.state for decision in decisions} == {"auto", "suggested"}
    assert [d for d in decisions if replayed(d.record, d.score) != (d.state, d.score)] == []


def test_other_weights_decide_otherwise_of_the_same_record() -> None:
    (decision,) = match([an_invoice()], [a_line()])
    assert replayed(decision.record, 0, Weights(proven=decision.score + 1))[0] == "suggested"
    assert replayed(decision.record, 0, Weights(shares={"name": 50}))[1] < decision.score


def test_weights_of_a_policy_hold_in_the_engine() -> None:
    (decision,) = match([an_invoice()], [a_line()], policy=Policy(weights=Weights(proven=2_000)))
    assert decision.state == "suggested"
