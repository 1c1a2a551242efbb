"""The periods by which the list is filtered."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from achats.browsing.periods import WORDS, bounds_of, within
from achats.models import InvoiceComment
from firms.models import Company
from ledger.models import FiscalYear
from tests.achats.list_pages import invoice, names, page
from tests.factories.achats import NOW
from tests.factories.firms import CompanyFactory, member_of

TODAY = date(2020, 2, 29)


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("mois", date(2020, 2, 1), date(2020, 2, 29)),
        ("mois-dernier", date(2020, 1, 1), date(2020, 1, 31)),
        ("trimestre", date(2020, 1, 1), date(2020, 3, 31)),
        ("trimestre-dernier", date(2019, 10, 1), date(2019, 12, 31)),
        ("annee", date(2020, 1, 1), date(2020, 12, 31)),
        ("annee-derniere", date(2019, 1, 1), date(2019, 12, 31)),
        ("exercice", None, None),
    ],
)
def test_a_period_of_the_calendar_is_counted_from_today(name: str, first: date | None, last: date | None):
    assert bounds_of(name, today=TODAY) == ((first, last) if first else None)
    assert name in WORDS


@pytest.mark.parametrize("month", range(1, 13))
def test_each_period_holds_its_day_and_the_last_one_ends_the_day_before(month: int):
    for day in (date(2023, month, 1), date(2023, month, 28)):
        for name in ("mois", "trimestre", "annee"):
            now = bounds_of(name, today=day)
            before = bounds_of({"annee": "annee-derniere"}.get(name, f"{name}-dernier"), today=day)
            assert now
            assert before
            assert now[0] <= day <= now[1]
            assert (now[0] - before[1]).days == 1


def test_the_fiscal_year_is_the_last_that_has_begun(company: Company):
    FiscalYear.objects.filter(company=company).delete()
    for year in (2018, 2019):
        FiscalYear.objects.create(company=company, starts_on=date(year, 8, 1), ends_on=date(year + 1, 7, 31))
    old, new = invoice(company, issued_on=date(2019, 7, 31)), invoice(company, issued_on=date(2019, 8, 1))
    rows = company.purchase_invoices
    assert list(rows.filter(within("exercice", company=company, today=TODAY))) == [new]
    assert list(rows.filter(within("exercice-precedent", company=company, today=TODAY))) == [old]
    assert not rows.filter(within("exercice-precedent", company=company, today=date(2018, 9, 1))).exists()


def test_the_list_is_filtered_by_a_named_period_and_asks_no_more_for_it(
    client: Client, company: Company, django_assert_max_num_queries
):
    client.force_login(member_of(company))
    invoice(company, "Ancienne", issued_on=date(2019, 8, 1))
    invoice(company, "Récente", issued_on=timezone.localdate())
    assert names(page(client, company, "?periode=mois")) == ["Récente"]
    html = page(client, company, "?periode=annee")
    assert "Période\u00a0: Cette année" in html
    assert len(names(page(client, company, "?periode=jamais"))) == 2
    with django_assert_max_num_queries(7):
        page(client, company, "?periode=exercice")


def test_the_note_says_how_many_comments_there_are_and_shows_the_document(client: Client, company: Company):
    person = member_of(company)
    client.force_login(person)
    said, silent = invoice(company, "A"), invoice(company, "B")
    for text in ("Vu", "Revu"):
        InvoiceComment.objects.create(company=company, invoice=said, by=person, at=NOW, text=text)
    html = page(client, company)
    assert html.count("#commentaires") == 1
    assert "2\u00a0commentaires" in html
    answer = client.get(reverse("achats:viewer", args=[company.pk, silent.pk]) + "?a-cote").content.decode()
    assert "<strong>B</strong>" in answer
    assert 'id="piece"' in answer
    assert "<html" not in answer


def test_what_the_bank_says_is_read_under_the_row_by_who_may_see_it(client: Client, company: Company):
    client.force_login(member_of(company))
    row = invoice(company)
    answer = client.get(reverse("achats:row_match", args=[company.pk, row.pk]))
    assert "À rapprocher" in answer.content.decode()
    assert "data-under" in answer.content.decode()
    theirs = invoice(CompanyFactory.create())
    assert client.get(reverse("achats:row_match", args=[company.pk, theirs.pk])).status_code == 404
