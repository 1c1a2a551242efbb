"""Blocking finds what looking at every pair would find: equal cents of opposite sign, within the window."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from banking.matching import blocking
from banking.matching.blocking import LineIndex, given_back
from banking.matching.columns import coded, per_distinct
from banking.matching.facts import InvoiceFact, Policy, TransactionFact
from banking.matching.labels import read_label

DAY = date(2027, 3, 1)
days = st.integers(-200, 200).map(lambda n: DAY + timedelta(days=n))
cents = st.sampled_from((-500, -120, 120, 500))
currencies = st.sampled_from(("EUR", "USD"))
invoices = st.lists(st.builds(InvoiceFact, st.just("i"), days, cents, st.just("X"), currency=currencies), max_size=12)
labels = st.sampled_from(("PRLV NORD", "REJET PRLV NORD", "CARTE NORD 1,20 USD"))
lines = st.lists(
    st.builds(TransactionFact, st.just("t"), st.just("bank"), days, cents, labels, currency=currencies), max_size=12
)


def read(transactions: list[TransactionFact]) -> list[blocking.Read]:
    return [(line, read_label(line.label, line.booked_on)) for line in transactions]


def amounts(line: TransactionFact) -> set[tuple[str, int]]:
    foreign = {("USD", 120 if line.cents > 0 else -120)} if "USD" in line.label else set()
    return {(line.currency, line.cents)} | foreign


@given(invoices, lines)
def test_the_pairs_are_those_that_looking_at_all_of_them_finds(
    documents: list[InvoiceFact], transactions: list[TransactionFact]
) -> None:
    batches = LineIndex(read(transactions)).pairs(documents, Policy())
    found = sorted((i, t) for at in batches for i, t in zip(*(side.tolist() for side in at), strict=True))
    assert found == [
        (place, other)
        for place, invoice in enumerate(documents)
        for other, line in enumerate(transactions)
        if (invoice.currency, -invoice.cents) in amounts(line)
        and -12 <= (line.booked_on - invoice.issued_on).days <= 130
    ]


@given(invoices, lines, st.integers(1, 6))
def test_the_size_of_a_batch_changes_no_pair(
    documents: list[InvoiceFact], transactions: list[TransactionFact], size: int
) -> None:
    index = LineIndex(read(transactions))
    whole = [np.concatenate(side).tolist() for side in zip(*index.pairs(documents, Policy()), strict=True)]
    before, blocking.PAIRS_AT_ONCE = blocking.PAIRS_AT_ONCE, size
    try:
        parts = [np.concatenate(side).tolist() for side in zip(*index.pairs(documents, Policy()), strict=True)]
    finally:
        blocking.PAIRS_AT_ONCE = before
    assert parts == whole


@given(lines)
def test_a_debit_is_given_back_by_a_rejection_of_its_cents_within_the_days(transactions: list[TransactionFact]) -> None:
    assert given_back(read(transactions), timedelta(days=20)).tolist() == [
        line.cents < 0
        and any(
            other.label.startswith("REJET")
            and (line.currency, -line.cents) in amounts(other)
            and 0 <= (other.booked_on - line.booked_on).days <= 20
            for other in transactions
        )
        for line in transactions
    ]


def test_a_question_is_asked_once_for_each_distinct_pair_of_values() -> None:
    asked = []

    def lengths(mine: str, theirs: str) -> float:
        asked.append((mine, theirs))
        return len(mine) * 10 + len(theirs)

    at = np.array([0, 1, 2, 0]), np.array([0, 0, 1, 1])
    answers = per_distinct(lengths, coded(["a", "bb", "a"]), coded(["ccc", "ccc"]), at)
    assert answers.tolist() == [13, 23, 13, 13]
    assert len(asked) == 2
