"""Which splits explain a mixed VAT: exact to the cent, and never missing the true one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from achats.vat.splits import SCALE, Part, printed_split, splits_of

FRENCH = (2000, 1000, 550, 210, 0)
rates = st.one_of(st.sampled_from([*FRENCH, 850, 90]), st.integers(min_value=0, max_value=4000))
nets = st.integers(min_value=1, max_value=10**7)


def from_net(rate: int, net: int) -> Part:
    return Part(rate, net, (2 * rate * net + SCALE) // (2 * SCALE))


def from_gross(rate: int, gross: int) -> Part:
    vat = (2 * rate * gross + SCALE + rate) // (2 * (SCALE + rate))
    return Part(rate, gross - vat, vat)


def test_franprix_has_four_pairs_the_exempt_one_among_them():
    """5,76 with 0,61 of VAT: 11,84 % lies between 20 % and each of the others."""
    found = {split.rates: split.parts for split in splits_of(gross=576, vat=61, rates=FRENCH)}
    assert set(found) == {(0, 2000), (210, 2000), (550, 2000), (1000, 2000)}
    assert found[550, 2000] == (Part(550, 290, 16), Part(2000, 225, 45))
    assert found[0, 2000] == (Part(0, 210, 0), Part(2000, 305, 61))
    assert found[1000, 2000] == (Part(1000, 420, 42), Part(2000, 95, 19))


@given(gross=st.integers(min_value=0, max_value=10**7), vat=st.integers(min_value=0, max_value=10**6))
def test_every_split_sums_to_what_was_received_and_each_vat_is_its_rate_to_the_cent(gross, vat):
    assume(vat <= gross)
    for split in splits_of(gross=gross, vat=vat, rates=FRENCH):
        assert sum(part.gross for part in split.parts) == gross
        assert sum(part.vat for part in split.parts) == vat
        for part in split.parts:
            assert part.net > 0
            assert part in {from_net(part.rate, part.net), from_gross(part.rate, part.gross)}


@given(low=rates, high=rates, one=nets, other=nets, rounded=st.tuples(*[st.sampled_from([from_net, from_gross])] * 2))
def test_a_true_mixture_of_two_rates_always_finds_its_pair(low, high, one, other, rounded):
    parts = [rounding(rate, amount) for rounding, rate, amount in zip(rounded, (low, high), (one, other), strict=True)]
    assume(low != high and all((part.vat > 0) == (part.rate > 0) and part.net > 0 for part in parts))
    gross, vat = sum(part.gross for part in parts), sum(part.vat for part in parts)
    assert tuple(sorted((low, high))) in {s.rates for s in splits_of(gross=gross, vat=vat, rates=[low, high, 2000])}


def test_nothing_is_proposed_where_no_pair_gives_the_vat():
    assert splits_of(gross=1000, vat=900, rates=FRENCH) == []
    assert splits_of(gross=0, vat=0, rates=FRENCH) == []
    assert splits_of(gross=576, vat=61, rates=[2000]) == []


def row(rate: str, base: str, amount: str) -> dict[str, str]:
    return {"rate": rate, "base": base, "amount": amount}


def test_the_printed_table_is_taken_as_it_stands():
    split = printed_split([row("20", "2.25", "0.45"), row("5.50", "2.90", "0.16")], gross=576, vat=61)
    assert split
    assert split.is_printed
    assert split.parts == (Part(550, 290, 16), Part(2000, 225, 45))


def test_what_a_printed_table_leaves_of_the_total_is_the_exempt_part():
    split = printed_split([row("20", "3.05", "0.61")], gross=576, vat=61)
    assert split
    assert split.parts == (Part(0, 210, 0), Part(2000, 305, 61))


@pytest.mark.parametrize(
    "table",
    [
        [],
        [row("11.84", "5.15", "0.61")],
        [row("5.50", "2.90", "0.16"), row("20", "2.25", "0.46")],
        [row("5.50", "2.90", "0.45"), row("20", "2.25", "0.16")],
        [row("20", "2.00", "0.40"), row("20", "3.15", "0.21")],
        [{"rate": "5.50", "amount": "0.16"}, row("20", "2.25", "0.45")],
        [row("5.50", "NaN", "0.16"), row("20", "Infinity", "0.45")],
        [row("5.50", "-2.90", "0.16"), row("20", "8.05", "0.45")],
    ],
)
def test_a_printed_table_that_does_not_hold_is_left_aside(table):
    assert printed_split(table, gross=576, vat=61) is None


@given(
    table=st.lists(
        st.fixed_dictionaries({key: st.decimals(allow_nan=True).map(str) for key in ("rate", "base", "amount")})
    ),
    gross=nets,
)
def test_any_table_is_read_without_a_fault(table, gross):
    split = printed_split(table, gross=gross, vat=0)
    assert split is None or sum(part.gross for part in split.parts) == gross
