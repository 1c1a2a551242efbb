"""The VAT received goes to the books to the cent, whatever the lines say of it."""

from hypothesis import given
from hypothesis import strategies as st

from achats.books.entry_shares import Part, gap_of, percent_of, shares_of, spread, vat_by_part

cents = st.integers(0, 10**9)
parts = st.lists(
    st.builds(
        Part,
        gross=st.integers(-(10**9), 10**9),
        vat=st.none() | st.integers(-(10**6), 10**6),
        percent=st.integers(0, 100),
        weight=cents,
    ),
    min_size=1,
    max_size=12,
)


@given(parts, cents)
def test_nothing_of_the_vat_is_lost_and_each_line_stays_whole(lines, vat):
    shares = shares_of(lines, vat=vat)
    assert sum(share.vat for share in shares) == vat
    assert [share.charge + share.deducted for share in shares] == [line.gross for line in lines]
    assert all(abs(share.deducted) <= abs(share.vat) for share in shares)


@given(parts)
def test_without_a_vat_on_the_document_the_lines_alone_say_it(lines):
    assert sum(vat_by_part(lines, vat=None)) == sum(line.vat or 0 for line in lines)


@given(cents, st.lists(cents, min_size=1, max_size=20))
def test_a_spread_is_whole_and_no_share_is_more_than_a_cent_from_its_proportion(total, weights):
    found = spread(total, weights)
    assert sum(found) == total
    whole = sum(weights)
    for share, weight in zip(found, weights, strict=True):
        assert whole == 0 or abs(share * whole - total * weight) <= whole


def test_the_cent_left_over_goes_to_the_largest_remainder_then_to_the_first():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(100, [1, 2, 3]) == [17, 33, 50]


def test_a_line_that_says_its_vat_keeps_it_and_the_others_share_the_rest():
    lines = [Part(576, 16, 100), Part(1200, None, 100, weight=200), Part(600, None, 100, weight=100)]
    assert vat_by_part(lines, vat=316) == [16, 200, 100]


def test_a_rounding_between_lines_and_document_is_borne_by_the_line_with_most_vat():
    lines = [Part(576, 16, 100), Part(1200, 200, 100)]
    assert vat_by_part(lines, vat=217) == [16, 201]
    assert gap_of(lines, vat=217) == 1


def test_four_fifths_of_a_cent_are_rounded_half_up():
    assert [percent_of(cents, 80) for cents in (3, 62, 100, -62)] == [2, 50, 80, -50]
