from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firms.templatetags.french import badge, cents, count, sign
from firms.typography import (
    format_amount,
    format_count,
    format_day,
    format_long_day,
    format_money,
    read_amount,
    read_day,
)

TODAY = date(2019, 9, 25)
amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=2)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1743.54"), "1\u00a0743,54\u00a0€"),
        (Decimal("-212.4"), "\u2212212,40\u00a0€"),
        (Decimal("0"), "0,00\u00a0€"),
        (Decimal("1234567.89"), "1\u00a0234\u00a0567,89\u00a0€"),
        (None, "—"),
    ],
)
def test_money_is_written_as_the_french_write_it(amount: Decimal | None, written: str):
    assert format_money(amount) == written


def test_another_currency_stands_behind_too():
    assert format_money(Decimal("12.5"), "USD") == "12,50\u00a0$"
    assert format_money(Decimal("80"), "CHF") == "80,00\u00a0CHF"


@given(amounts)
def test_what_is_written_is_read_back(amount: Decimal):
    assert read_amount(format_money(amount)) == amount


@given(amounts)
def test_an_amount_has_two_decimals_and_no_space_that_breaks(amount: Decimal):
    assert " " not in format_amount(amount)
    assert format_amount(amount)[-3] == ","


@pytest.mark.parametrize("text", ["5,76", "5.76", " 5,76 € ", "5,76\u202f€"])
def test_an_amount_is_read_however_it_is_typed(text: str):
    assert read_amount(text) == Decimal("5.76")


@pytest.mark.parametrize("text", ["", "Franprix", "5,764", "1,2,3", "19/08", "--5", "٣"])
def test_what_is_no_amount_is_read_as_none(text: str):
    assert read_amount(text) is None


def test_the_first_of_a_month_is_premier():
    assert format_long_day(date(2019, 8, 1)) == "1er\u00a0août 2019"
    assert format_long_day(date(2019, 12, 24)) == "24\u00a0décembre 2019"
    assert format_day(date(2019, 8, 1)) == "01/08/2019"
    assert format_day(None) == format_long_day(None) == "—"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19/08/2019", date(2019, 8, 19)),
        ("19-08-2019", date(2019, 8, 19)),
        ("190819", date(2019, 8, 19)),
        ("2019-08-19", date(2019, 8, 19)),
        ("19082019", date(2019, 8, 19)),
        ("19/8/19", date(2019, 8, 19)),
        ("19/8", date(2019, 8, 19)),
        ("24/12", date(2018, 12, 24)),
        ("hier", date(2019, 9, 24)),
        ("aujourd’hui", TODAY),
    ],
)
def test_a_day_is_read_however_it_is_typed(text: str, day: date):
    assert read_day(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["", "demain peut-être", "31/02/2019", "0/8", "1/13", "123"])
def test_what_is_no_day_is_read_as_none(text: str):
    assert read_day(text, today=TODAY) is None


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_without_a_fault(text: str):
    read_amount(text)
    read_day(text, today=TODAY)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_that_is_written_is_read_back(day: date):
    assert read_day(format_day(day), today=TODAY) == day


def test_zero_and_one_are_singular_in_french():
    assert [count(n, "facture,factures") for n in (0, 1, 2)] == ["0\u00a0facture", "1\u00a0facture", "2\u00a0factures"]
    assert format_count(1248) == count(1248) == "1\u00a0248"


def test_cents_become_an_amount():
    assert format_money(cents(174354)) == "1\u00a0743,54\u00a0€"


def test_a_badge_has_a_shape_and_an_escaped_word():
    written = badge("todo", "<b>")
    assert "<svg" in written
    assert "&lt;b&gt;" in written
    assert len({sign(name) for name in ("todo", "ready", "partial", "hint", "done", "mute")}) == 6
