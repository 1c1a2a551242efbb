"""Asked through, the engine says all at once: asked again of what it left, it settles nothing more."""

from collections import Counter
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from banking.matching.engine import match
from banking.matching.facts import Decision, InvoiceFact, Memory, Part, TransactionFact, supplier_key
from banking.matching.rounds import left_of, match_through
from tests.banking.matching.dossier import Dossier, make_dossier
from tests.banking.matching.made import a_line, an_invoice

few = settings(max_examples=40, deadline=None)
dossiers = st.builds(
    make_dossier, seed=st.integers(1_000, 1_000_000), size=st.integers(20, 300), months=st.sampled_from((1, 2, 8, 24))
)
# A direct debit whose only rival was taken in the first round, by another month of its supplier.
MORE_THE_SECOND_TIME = make_dossier(seed=50_003, size=600, months=2)


def automatic(decisions: list[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.state == "auto"]


def stored(settled: list[Decision], dossier: Dossier) -> tuple[list[InvoiceFact], list[TransactionFact], Memory]:
    """What the next run would be told, reckoned by itself and not as `rounds` does."""
    paid = Counter({p.invoice_id: p.invoice_cents for d in settled for p in d.parts})
    taken: Counter[str] = Counter()
    for part in (part for decision in settled for part in decision.parts):
        taken[part.transaction_id] += part.cents
    invoices = [i for i in dossier.invoices if paid[i.id] < abs(i.cents)]
    lines = [replace(t, cents=t.cents + taken[t.id]) for t in dossier.transactions if taken[t.id] < abs(t.cents)]
    by_id, booked = {i.id: i for i in dossier.invoices}, {t.id: t.booked_on for t in dossier.transactions}
    lags: dict[tuple[str, int], frozenset[int]] = {}
    for decision in settled:
        if len(decision.parts) == 1:
            invoice, day = by_id[decision.parts[0].invoice_id], booked[decision.parts[0].transaction_id]
            key = supplier_key(invoice), invoice.cents
            if any((supplier_key(i), i.cents) == key for i in invoices):
                lags[key] = lags.get(key, frozenset()) | {(day - invoice.issued_on).days}
    return invoices, lines, Memory(lags=lags)


@few
@example(MORE_THE_SECOND_TIME)
@given(dossiers)
def test_a_second_run_on_what_nobody_touched_decides_nothing_more(dossier: Dossier) -> None:
    decisions = match_through(dossier.invoices, dossier.transactions)
    again = match_through(*stored(automatic(decisions), dossier))
    assert automatic(again) == []
    assert again == [d for d in decisions if d.state == "suggested"]


def test_one_round_alone_leaves_some_to_the_next() -> None:
    settled = automatic(match(MORE_THE_SECOND_TIME.invoices, MORE_THE_SECOND_TIME.transactions))
    assert automatic(match(*stored(settled, MORE_THE_SECOND_TIME)))


@few
@given(dossiers)
def test_the_first_round_is_kept_and_nothing_is_paid_more_than_once(dossier: Dossier) -> None:
    first = automatic(match(dossier.invoices, dossier.transactions))
    decisions = automatic(match_through(dossier.invoices, dossier.transactions))
    assert decisions[: len(first)] == first
    paid, taken = Counter[str](), Counter[str]()
    for part in (part for decision in decisions for part in decision.parts):
        paid[part.invoice_id] += part.invoice_cents
        taken[part.transaction_id] += part.cents
    assert all(paid[i.id] <= abs(i.cents) for i in dossier.invoices)
    assert all(0 <= taken[t.id] <= abs(t.cents) for t in dossier.transactions)


@few
@given(dossiers)
def test_the_order_of_what_is_asked_changes_nothing(dossier: Dossier) -> None:
    forwards = match_through(dossier.invoices, dossier.transactions)
    assert forwards == match_through(dossier.invoices[::-1], dossier.transactions[::-1])


def test_what_is_left_of_a_payment_in_part_is_open_and_never_settled_by_itself() -> None:
    invoice, line = an_invoice(cents=10_000), a_line(cents=-9_990)
    decision = Decision((Part(invoice.id, line.id, 9_990, 9_990),), "auto", (), 0)
    (rest,), lines = left_of([decision], [invoice], [line])
    assert (rest.cents, rest.vetoes, lines) == (10, {"partial"}, [])
