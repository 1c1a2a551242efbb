"""Amounts, dates, accounts and types as Dext and spreadsheets write them; nothing doubtful is guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.exports.values import (
    DMY,
    MDY,
    currency_in,
    decimal_mark,
    is_doubtful_day,
    order_of,
    read_account,
    read_amount,
    read_day,
    read_kind,
)
from firms.typography import format_amount


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56\u00a0€", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("EUR 5,76", "5.76"),
        ("5.76 EUR", "5.76"),
        ("€5.76", "5.76"),
        ("−212,40 €", "-212.40"),
        ("(12.00)", "-12.00"),
        ("- 3", "-3"),
        ("1,234,567", "1234567"),
        ("0", "0"),
        ("4.85", "4.85"),
    ],
)
def test_an_amount_is_read_in_every_spelling(cell, read):
    assert read_amount(cell, "") == read


@pytest.mark.parametrize("cell", ["1,234", "1.234", "12O,50", "1.23.45", "1,23,45", "abc", "5,,76", "1 23,4", "5.767"])
def test_a_doubtful_amount_stays_as_it_came(cell):
    assert read_amount(cell, "") == cell


def test_the_rest_of_the_file_says_which_mark_parts_the_decimals():
    assert decimal_mark(["5.76", "1,234", "", "EUR 3.5"]) == "."
    assert read_amount("1,234", ".") == "1234"
    assert read_amount("1.234", ".") == "1.234"
    assert decimal_mark(["5.76", "5,76"]) == ""
    assert decimal_mark(["12", "1,234"]) == ""


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_written_in_french_comes_back(amount):
    assert Decimal(read_amount(format_amount(amount), ",")) == amount
    assert Decimal(read_amount(f"{amount:,.2f}", ".")) == amount


def test_a_currency_is_read_beside_its_amount():
    assert [currency_in(cell) for cell in ("EUR 5,76", "5,76 €", "$3", "5,76", "12 chf")] == [
        "EUR",
        "EUR",
        "USD",
        "",
        "CHF",
    ]


@pytest.mark.parametrize(
    "cell", ["25-Sep-19", "25-Sep-2019", "25 sept. 2019", "2019-09-25", "2019-09-25 14:32", "25/09/2019", "25.09.19"]
)
def test_a_day_is_read_in_every_spelling(cell):
    assert read_day(cell, DMY) == "2019-09-25"


@pytest.mark.parametrize("cell", ["31/02/2019", "25-Foo-19", "hier", "2019-13-01", ""])
def test_what_is_no_day_stays_as_it_came(cell):
    assert read_day(cell, DMY) == cell


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_comes_back_in_both_orders(day):
    assert read_day(f"{day:%d/%m/%Y}", DMY) == read_day(f"{day:%m/%d/%Y}", MDY) == day.isoformat()


def test_the_order_of_dates_is_asked_only_where_none_decides():
    assert order_of(["01/02/2019", "25/02/2019"]) == {DMY}
    assert order_of(["01/02/2019", "02/25/2019"]) == {MDY}
    assert order_of(["25/02/2019", "02/25/2019"]) == set()
    assert order_of(["01/02/2019", "25-Sep-19", "45/13/2019"]) == {DMY, MDY}
    assert [is_doubtful_day(cell) for cell in ("01/02/2019", "02/02/2019", "25/02/2019", "2019-02-01")] == [
        True,
        False,
        False,
        False,
    ]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_no_order_is_believed_against_the_days(day):
    cell = f"{day:%d/%m/%Y}"
    assert DMY in order_of([cell])
    assert is_doubtful_day(cell) or read_day(cell, order_of([cell]).pop()) == day.isoformat() or day.day == day.month


def test_a_category_names_an_account_or_none():
    cells = ("62570000 - Réceptions", "6257 - Réceptions", "62570000", "6257 Réceptions", "60630000: Petit équipement")
    assert {read_account(cell) for cell in cells} == {"62570000", "60630000"}
    assert [read_account(cell) for cell in ("Transport - Taxi", "", "12 rue", "3D print")] == ["", "", "", ""]


def test_the_types_of_dext_are_those_of_the_api():
    cells = ("Receipt", "Reçu", "Invoice", "Facture", "Credit Note", "Avoir", "Statement", "")
    assert [read_kind(cell) for cell in cells] == [
        "receipt", "receipt", "invoice", "invoice", "credit_note", "credit_note", "Statement", "invoice"
    ]  # fmt: skip


def test_two_digits_of_a_year_are_of_this_century():
    assert read_day(f"{date(2019, 9, 25) + timedelta(days=1):%d/%m/%y}", DMY) == "2019-09-26"
