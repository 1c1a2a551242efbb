"""What is new is decided on without the whole company as it would be with it, or left to a person."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from banking.matching.case import lexicon_of
from banking.matching.engine import match, match_news
from banking.matching.facts import Decision, InvoiceFact, Lexicon, Memory, Policy, TransactionFact, supplier_key
from banking.matching.features import names_of
from banking.matching.labels import read_label
from banking.matching.names import weighed_words
from banking.matching.references import number_tokens
from tests.banking.matching.dossier import Dossier, make_dossier
from tests.banking.matching.made import DAY, a_line, an_invoice

few = settings(max_examples=60, deadline=None)
dossiers = st.builds(
    make_dossier, seed=st.integers(1_000, 1_000_000), size=st.integers(20, 120), months=st.sampled_from((1, 3, 8))
)


def news_of(
    invoices: list[InvoiceFact], lines: list[TransactionFact], new: set[str], *given: Memory | Policy
) -> list[Decision]:
    """What is decided of the rows that are `new`, and of those of their cents."""
    cents = {abs(row.cents) for row in (*invoices, *lines) if row.id in new}
    some = [i for i in invoices if abs(i.cents) in cents], [t for t in lines if abs(t.cents) in cents]
    lexicon = lexicon_of(invoices, [(line, read_label(line.label, line.booked_on)) for line in lines])
    return match_news(*some, what_they_ask_for(lexicon, *some), *given)


def what_they_ask_for(lexicon: Lexicon, invoices: list[InvoiceFact], lines: list[TransactionFact]) -> Lexicon:
    """The lexicon without the words and numbers that these invoices and lines have nothing to do with."""
    labels = [read_label(line.label, line.booked_on) for line in lines]
    names = {name for invoice in invoices for name in names_of(invoice)}
    words = weighed_words(names, lexicon.suppliers, {label.words for label in labels})
    borne = {reference for label in labels for reference in label.references}
    return Lexicon(
        lexicon.suppliers,
        seen={word: times for word, times in lexicon.seen.items() if word in words},
        numbers=frozenset(number for number in lexicon.numbers if borne.intersection(number_tokens(number))),
    )


def varied(dossier: Dossier, data: st.DataObject) -> list[InvoiceFact]:
    chance = data.draw(st.randoms(use_true_random=False))
    names = sorted({invoice.supplier for invoice in dossier.invoices})
    return [
        replace(
            invoice,
            other_names=tuple(chance.sample(names, chance.choice((0, 0, 1)))),
            vetoes=frozenset({"duplicate"} if chance.random() < 0.05 else ()),
        )
        for invoice in dossier.invoices
    ]


def taught(dossier: Dossier, data: st.DataObject) -> Memory:
    """Some refusals, and other months of some suppliers."""
    pairs, invoices = sorted(dossier.pairs), {invoice.id: invoice for invoice in dossier.invoices}
    refused = data.draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs else set()
    months = data.draw(st.sets(st.sampled_from(sorted(invoices)), max_size=3)) if invoices else set()
    lags = {(supplier_key(invoices[i]), invoices[i].cents): frozenset({2, 30}) for i in months}
    return Memory(refused=frozenset(refused), lags=lags)


@few
@given(dossiers, st.data())
def test_news_are_matched_exactly_where_the_whole_company_would_have_them_matched(
    dossier: Dossier, data: st.DataObject
) -> None:
    invoices, lines, memory = varied(dossier, data), dossier.transactions, taught(dossier, data)
    ids = sorted(row.id for row in (*invoices, *lines))
    new = data.draw(st.sets(st.sampled_from(ids), min_size=1, max_size=12))
    cents = {row.id: abs(row.cents) for row in (*invoices, *lines)}
    near = {cents[key] for key in new}
    whole = [d for d in match(invoices, lines, memory) if d.state == "auto" and "features" in d.record]
    some = [d for d in news_of(invoices, lines, new, memory) if d.state == "auto"]
    assert some == [d for d in whole if cents[d.invoice_ids[0]] in near]


@few
@given(dossiers, st.data())
def test_what_is_suggested_of_news_was_weighed_as_in_the_whole_company(dossier: Dossier, data: st.DataObject) -> None:
    ids = sorted(row.id for row in (*dossier.invoices, *dossier.transactions))
    new = data.draw(st.sets(st.sampled_from(ids), min_size=1, max_size=12))
    whole = {(d.invoice_ids, d.transaction_ids): d for d in match(dossier.invoices, dossier.transactions)}
    for decision in news_of(dossier.invoices, dossier.transactions, new):
        same = whole.get((decision.invoice_ids, decision.transaction_ids))
        assert same is None or "features" not in same.record or same.record == decision.record


def test_the_rarity_of_words_and_the_names_of_others_are_those_of_the_whole_company() -> None:
    line = a_line(label="CB GARAGE BEAURIVAGE 190819")
    invoices = [an_invoice(supplier="Beaurivage Nord"), an_invoice(id="i2", cents=1, supplier="Garage Beaurivage")]
    assert [d.state for d in news_of(invoices[:1], [line], {"t1"})] == ["auto"]
    assert [d.state for d in news_of(invoices, [line], {"t1"})] == ["suggested"]


def test_a_label_that_bears_the_number_of_another_document_is_left_to_a_person() -> None:
    line = a_line(label="CB BOULANGERIE MARTIN 190819 FA006834")
    other = an_invoice(id="i2", cents=1, supplier="Garage Beaurivage", number="FA006834")
    (decision,) = news_of([an_invoice(), other], [line], {"i1"})
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_other_number")


def test_a_sum_waits_for_the_whole_company() -> None:
    invoices = [an_invoice(id=f"i{n}", cents=cents) for n, cents in enumerate((12_317, 8_841))]
    line = a_line(cents=-21_158, label="VIR BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=9))
    assert [d.state for d in match(invoices, [line])] == ["auto"]
    assert news_of(invoices, [line], {"t1"}) == []
