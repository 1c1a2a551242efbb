"""What is learnt of answers is never bolder than held-out answers prove."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banking.matching.engine import match
from banking.matching.fitting import LEAST_PRECISION, Example, fit, fit_shares
from banking.matching.precision import is_below, lower_bound
from banking.matching.record import example_of
from banking.matching.weights import UNTRAINED, Weights
from tests.banking.matching.dossier import make_dossier


def examples_of(seed: int, size: int = 400) -> Iterator[Example]:
    """Every pair that the machine made or proposed in a made-up company, answered by somebody who is always right."""
    dossier = make_dossier(seed=seed, size=size)
    for decision in match(dossier.invoices, dossier.transactions):
        ends = {(part.invoice_id, part.transaction_id) for part in decision.parts}
        if example := example_of(decision.record, is_right=ends <= dossier.pairs, source=str(seed)):
            yield example


def settled(examples: list[Example], weights: Weights) -> list[bool]:
    taken = [e for e in examples if e.is_free and sum(weights.weigh(e.parts).values()) >= weights.proven]
    return [example.is_right for example in taken]


def alike(count: int, is_right: bool, **parts: int) -> list[Example]:
    return [Example({"amount": 200, "name": 250, "days": 100} | parts, is_right, is_free=True) for _ in range(count)]


def test_nothing_was_answered_and_nothing_is_learnt():
    assert fit([], UNTRAINED).weights == UNTRAINED


@pytest.mark.parametrize("count", [1, 49, 300])
def test_few_confirmations_leave_the_prior(count: int):
    assert fit(alike(count, True), UNTRAINED).weights == UNTRAINED


def test_enough_confirmations_without_a_mistake_lower_the_threshold_to_what_they_prove():
    found = fit(alike(700, True), UNTRAINED)
    assert sum(found.weights.weigh({"amount": 200, "name": 250, "days": 100}).values()) >= found.weights.proven
    assert found.after.bound >= LEAST_PRECISION


def test_a_few_bold_ones_beside_many_sure_ones_prove_nothing():
    assert fit([*alike(900, True, name=600), *alike(15, True)], UNTRAINED).weights == UNTRAINED


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.randoms(use_true_random=False))
def test_contradictory_answers_never_make_it_bolder(confirmed: int, refused: int, chance: random.Random):
    examples = [*alike(confirmed, True), *alike(refused, False)]
    chance.shuffle(examples)
    assert settled(examples, fit(examples, UNTRAINED).weights) == []


def test_what_is_undone_again_and_again_raises_the_threshold():
    examples = [*alike(40, False, name=400), *alike(200, True, name=600)]
    found = fit(examples, UNTRAINED)
    assert settled(examples, UNTRAINED).count(False) == 40
    assert settled(examples, found.weights) == [True] * 200


def test_one_undone_among_hundreds_raises_nothing():
    assert fit([*alike(1, False, name=600), *alike(300, True, name=600)], UNTRAINED).weights == UNTRAINED


@settings(max_examples=8, deadline=None)
@given(st.integers(200_000, 900_000))
def test_learning_on_right_answers_keeps_precision_on_companies_not_seen(seed: int):
    found = fit([example for n in range(3) for example in examples_of(seed + n, 150)], UNTRAINED)
    unseen = [example for n in range(3, 6) for example in examples_of(seed + n, 150)]
    before, after = settled(unseen, UNTRAINED), settled(unseen, found.weights)
    assert after.count(False) <= before.count(False)
    assert not is_below(LEAST_PRECISION, after.count(True), len(after))


def test_a_sign_that_means_nothing_in_a_company_loses_weight_and_the_others_hardly_move():
    chance = random.Random(7)
    examples = [
        Example({"amount": 200, "name": name, "card": card}, is_right=name > 0, is_free=True)
        for name, card in ((chance.choice((-400, 500)), chance.choice((-400, 200))) for _ in range(400))
    ]
    shares = fit_shares(examples, UNTRAINED).shares
    assert shares["card"] < 80
    assert shares.get("reference", 100) == 100


def test_bounds_are_those_of_clopper_and_pearson():
    assert lower_bound(598, 598) == pytest.approx(0.9950, abs=1e-4)
    assert lower_bound(90, 100) == pytest.approx(0.8362, abs=1e-4)
    assert lower_bound(0, 0) == 0
    assert is_below(0.995, 95, 100)
    assert not is_below(0.995, 99, 100)
