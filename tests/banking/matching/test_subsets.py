from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from banking.matching.subsets import exact_subsets, runs

amounts = st.lists(st.integers(-30, 60), max_size=9)


@given(amounts, st.integers(-40, 150), st.integers(1, 3), st.integers(3, 6))
def test_every_subset_of_the_right_sum_and_size_is_found_once(given_, target, least, most):
    found = exact_subsets(given_, target, least=least, most=most, limit=10_000)
    true = {
        members
        for size in range(least, most + 1)
        for members in combinations(range(len(given_)), size)
        if sum(given_[place] for place in members) == target
    }
    assert len(found) == len(true)
    assert {tuple(sorted(members)) for members in found} == true


@given(amounts, st.integers(-40, 150))
def test_every_unbroken_run_of_the_right_sum_is_found(given_, target):
    true = {
        tuple(range(start, end))
        for start in range(len(given_))
        for end in range(start + 2, len(given_) + 1)
        if sum(given_[start:end]) == target
    }
    assert set(runs(given_, target)) == true


def test_no_more_are_given_than_wanted_and_no_more_amounts_looked_at_than_bounded():
    assert len(exact_subsets([1] * 22, 2, limit=5)) == 5
    assert exact_subsets([1] * 22 + [1000, 2000], 3000) == []
