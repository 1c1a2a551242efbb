from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.days import Order, orders_of, to_day

DAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("05/11/2026", "dmy"),
        ("5-11-26", "dmy"),
        ("05.11.2026", "dmy"),
        ("11/05/2026", "mdy"),
        ("05-11-2026 10:58:11", "dmy"),
        ("2026-11-05T09:58:11Z", "ymd"),
        ("2026-11-05", "dmy"),
        ("20261105", "ymd"),
        ("5/11'26", "dmy"),
    ],
)
def test_a_day_is_read_in_the_order_told(text: str, order: Order) -> None:
    assert to_day(text, order) == DAY


@pytest.mark.parametrize(
    "text", ["31/02/2026", "13/13/2026", "5/11", "", "demain", "005/11/2026", "05/11/0", "99999999"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert to_day(text, "dmy") is None


def test_two_figures_of_a_year_turn_at_eighty() -> None:
    assert [to_day(f"05/11/{year}", "dmy") for year in ("79", "80")] == [date(2079, 11, 5), date(1980, 11, 5)]


def test_a_day_over_twelve_tells_the_order() -> None:
    assert (orders_of("13/11/2026"), orders_of("11/13/2026")) == ({"dmy"}, {"mdy"})
    assert orders_of("12/11/2026") == {"dmy", "mdy"}


@given(st.dates(date(1980, 1, 1), date(2079, 12, 31)))
def test_any_day_is_read_back(day: date) -> None:
    assert to_day(f"{day:%d/%m/%Y}", "dmy") == to_day(f"{day:%m/%d/%y}", "mdy") == to_day(f"{day}", "ymd") == day
