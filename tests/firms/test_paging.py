from datetime import date, timedelta

import pytest
from django.db.models import F

from achats.models import Supplier
from firms.models import Company
from firms.paging import KeyOrder, key_page
from tests.factories.firms import CompanyFactory

BY_NAME = KeyOrder(F("name"), str)
NEWEST = KeyOrder(F("name"), str, is_descending=True)


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def names(company: Company) -> list[str]:
    """Twelve suppliers by name; three share one, and only their ids part them."""
    names = [f"{day:%Y-%m-%d}" for day in (date(2019, 8, 1) + timedelta(days=n) for n in range(9))] + ["Même"] * 3
    Supplier.objects.bulk_create(Supplier(company=company, name=name, folded_name="x") for name in names)
    return sorted(names)


def walk(order: KeyOrder) -> list[list[Supplier]]:
    pages, key = [], ""
    while True:
        page = key_page(Supplier.objects.all(), order, after=key, size=5)
        pages.append(page.rows)
        key = page.after
        if not key:
            return pages


@pytest.mark.parametrize("order", [BY_NAME, NEWEST])
def test_the_pages_hold_every_row_once_and_in_order(names: list[str], order: KeyOrder):
    rows = [row for page in walk(order) for row in page]
    assert len({row.pk for row in rows}) == 12
    assert [row.name for row in rows] == (names if order is BY_NAME else names[::-1])


def test_the_page_before_is_the_page_one_came_from(names: list[str]):
    first = key_page(Supplier.objects.all(), NEWEST, size=5)
    second = key_page(Supplier.objects.all(), NEWEST, after=first.after, size=5)
    back = key_page(Supplier.objects.all(), NEWEST, before=second.before, size=5)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert (first.before, back.before) == ("", "")
    assert back.after


def test_a_row_that_arrives_shifts_no_later_page(company: Company, names: list[str]):
    first = key_page(Supplier.objects.all(), BY_NAME, size=5)
    expected = [row.pk for row in key_page(Supplier.objects.all(), BY_NAME, after=first.after, size=5).rows]
    Supplier.objects.create(company=company, name="2019-07-31", folded_name="x")
    assert [row.pk for row in key_page(Supplier.objects.all(), BY_NAME, after=first.after, size=5).rows] == expected


@pytest.mark.parametrize("key", ["n’importe quoi", "~", "x~1", "2019-08-01~"])
def test_a_key_that_is_none_gives_the_first_page(names: list[str], key: str):
    page = key_page(Supplier.objects.all(), BY_NAME, after=key, size=5)
    assert [row.name for row in page.rows] == names[:5]


def test_a_page_is_one_query_without_offset(names: list[str], django_assert_num_queries):
    first = key_page(Supplier.objects.all(), BY_NAME, size=5)
    with django_assert_num_queries(1) as asked:
        key_page(Supplier.objects.all(), BY_NAME, after=first.after, size=5)
    assert "OFFSET" not in asked.captured_queries[0]["sql"]
