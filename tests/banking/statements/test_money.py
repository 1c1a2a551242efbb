import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.money import decimals_of, figures, in_words, rescale


def test_amounts_are_written_as_the_french_write_them() -> None:
    assert figures(125_000) == "1\u00a0250,00"
    assert figures(-19_040) == "\u2212190,40"
    assert in_words(10) == "0,10\u00a0€"
    assert in_words(1_250, "XPF") == "1\u00a0250\u00a0XPF"


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("XPF", 0), ("JPY", 0), ("TND", 3)])
def test_each_currency_has_its_decimals(currency: str, decimals: int) -> None:
    assert decimals_of(currency) == decimals


@given(st.integers(-(10**14), 10**14), st.integers(0, 4), st.integers(0, 4))
def test_rescaling_loses_nothing_or_says_so(units: int, declared: int, decimals: int) -> None:
    scaled = rescale(units, declared, decimals)
    if scaled is None:
        assert units * 10**decimals % 10**declared
    else:
        assert scaled * 10**declared == units * 10**decimals
