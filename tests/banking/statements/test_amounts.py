import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.amounts import Mark, UnreadableAmount, to_cents
from tests.banking.statements.other_writers import comma


@given(
    st.integers(-(10**13), 10**13),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "."]),
    st.sampled_from(["", " €", "\u00a0€", " EUR"]),
    st.sampled_from([None, ","]),
)
def test_a_french_amount_is_read_whatever_its_spaces(cents: int, space: str, symbol: str, mark: Mark | None) -> None:
    assert to_cents(comma(cents, thousands=space) + symbol, "EUR", mark) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("−1 292,79", -129279),
        ("- 12,50", -1250),
        ("12,50-", -1250),
        ("(86,50)", -8650),
        ("(86,50 €)", -8650),
        ("+5", 500),
        ("€ 5,1", 510),
        ("4812.22", 481222),
        ("1,234.56", 123456),
        ("1'234.50", 123450),
        ("0,500", 50),
        ("12345678,90", 1234567890),
    ],
)
def test_amounts_are_read_as_banks_and_people_write_them(text: str, cents: int) -> None:
    assert to_cents(text, "EUR") == cents


@pytest.mark.parametrize("text", ["1,234", "1.234", "-12.345"])
def test_three_figures_after_one_mark_are_ambiguous_until_the_mark_is_known(text: str) -> None:
    with pytest.raises(UnreadableAmount, match="ambigu"):
        to_cents(text, "EUR")


def test_a_known_mark_leaves_the_other_for_thousands() -> None:
    assert to_cents("1.234", "EUR", ",") == 123400
    assert to_cents("1,234", "EUR", ".") == 123400
    with pytest.raises(UnreadableAmount):
        to_cents("86.50", "EUR", ",")
    with pytest.raises(UnreadableAmount):
        to_cents("1,234.50", "EUR", ",")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12,5O",
        "12..34",
        "1 2,50",
        "12 34",
        "--1",
        "1e5",
        "٣",
        "+-1",
        "(-5)",
        "5 USD",
        ",50",
        "5,",
        "1.2.3",
        "=1+1",
    ],
)
def test_what_is_no_amount_is_refused_and_never_zero(text: str) -> None:
    with pytest.raises(UnreadableAmount):
        to_cents(text, "EUR")


def test_what_is_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(UnreadableAmount, match="plus fin"):
        to_cents("12,345", "EUR", ",")
    with pytest.raises(UnreadableAmount, match="plus fin"):
        to_cents("12,50", "XPF")
    assert to_cents("1 250", "XPF") == 1250


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        to_cents(text, "EUR")
    except UnreadableAmount:
        pass
