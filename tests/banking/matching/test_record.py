"""A decision is recorded well enough to be taken again."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from banking.matching.case import read_case
from banking.matching.engine import match
from banking.matching.evidence import features_of
from banking.matching.facts import Memory, Policy
from banking.matching.record import decide_again
from banking.matching.scoring import score_parts
from banking.matching.weights import UNTRAINED, Weights
from tests.banking.matching.dossier import TRADES, Dossier, make_dossier
from tests.banking.matching.made import DAY, a_line, an_invoice
from tests.banking.matching.test_properties import dossiers


def replayed(record, score: int, weights: Weights = UNTRAINED) -> tuple[str, int]:
    """As it comes back from the database."""
    return decide_again(json.loads(json.dumps(dict(record))), score, weights)


@settings(max_examples=30, deadline=None)
@given(dossiers)
def test_the_same_engine_decides_the_same_of_what_it_recorded(dossier: Dossier) -> None:
    for decision in match(dossier.invoices, dossier.transactions):
        assert replayed(decision.record, decision.score) == (decision.state, decision.score)


@settings(max_examples=30, deadline=None)
@given(dossiers, st.randoms(use_true_random=False))
def test_a_pair_that_is_looked_at_by_itself_is_as_it_was_in_its_columns(dossier: Dossier, chance) -> None:
    cards, accounts = ("", "4417", "1111"), (frozenset[str](), frozenset({"bank"}), frozenset({"other"}))
    invoices = [
        replace(
            invoice,
            method_last_four=chance.choice(cards),
            account_keys=chance.choice(accounts),
            is_off_bank=chance.random() < 0.1,
            other_names=tuple(chance.sample(TRADES, chance.randrange(3))),
        )
        for invoice in dossier.invoices
    ]
    case = read_case(invoices, dossier.transactions, Memory(), Policy())
    board = case.board()
    found = [*board.proven, *board.suggestible(lambda _: 100)]
    columns = features_of([pair.evidence for pair in found])
    assert columns.is_told.tolist() == [pair.evidence.is_told for pair in found]
    assert columns.is_told.tolist() == board.rows["is_told"][[pair.row for pair in found]].tolist()
    for part, points in score_parts(columns).items():
        assert points.tolist() == [pair.points[part] for pair in found]


def test_the_best_rival_is_recorded_as_it_stood_before_any_sum_was_taken() -> None:
    lines = [a_line(label="PRLV MARTIN"), a_line(id="t2", label="PRLV MARTIN", booked_on=DAY + timedelta(days=60))]
    one, other = match([an_invoice(supplier="Martin")], lines)
    assert (one.score, other.score) == (800, 650)
    assert one.record["standing"] == [650, True, False]
    assert other.record["standing"] == [800, True, False]


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
