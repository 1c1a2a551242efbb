"""The search and the filters of the list of purchases."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from achats.models import Supplier
from firms.models import Company
from tests.achats.list_pages import invoice, names, page
from tests.factories.achats import PaymentMethodFactory


@pytest.mark.parametrize(
    "search", ["franp", "FRANPRIX", "5,76", "5.76", "FA-0068", "fa0068", "19/08", "1 743,54", "Franprix 5,76"]
)
def test_a_search_finds_names_numbers_amounts_and_days(reader: Client, company: Company, search: str):
    total = Decimal("1743.54") if "743" in search else Decimal("5.76")
    invoice(company, reference="FA-0068", issued_on=date(2019, 8, 19), gross_amount=total, vat_amount=None)
    invoice(company, "Orange", reference="B7", gross_amount=Decimal("15.76"), vat_amount=None)
    html = page(reader, company, f"?q={search}")
    assert names(html) == ["Franprix"]


def test_a_percent_or_an_underscore_is_searched_as_itself(reader: Client, company: Company):
    invoice(company)
    assert names(page(reader, company, "?q=f_anprix")) == []


def test_a_search_that_finds_nothing_proposes_the_nearest_supplier(reader: Client, company: Company):
    invoice(company)
    html = page(reader, company, "?q=franprx")
    supplier = Supplier.objects.get(company=company, name="Franprix")
    assert "Aucun résultat pour «\u00a0franprx\u00a0»" in html
    assert f"?fournisseur={supplier.pk}" in html


def test_each_filter_keeps_what_answers_to_it(reader: Client, company: Company):
    method = PaymentMethodFactory.create(company=company)
    wanted = invoice(company, payment_method=method, issued_on=date(2019, 8, 19), account=None)
    invoice(company, "Autre", issued_on=date(2019, 10, 1))
    for query in (
        "?du=01/08/2019&au=310819",
        "?compte=aucun",
        f"?fournisseur={wanted.supplier_id}",
        f"?paiement={method.pk}",
        "?signal=account_missing",
    ):
        assert names(page(reader, company, query)) == ["Franprix"], query
    assert names(page(reader, company, "?compte=62570000")) == ["Autre"]


@pytest.mark.parametrize("query", ["?du=bientôt", "?compte=1", "?fournisseur=x", "?tri=x", "?apres=x~y", "?avant=~"])
def test_a_parameter_that_means_nothing_filters_nothing(reader: Client, company: Company, query: str):
    invoice(company)
    assert names(page(reader, company, query)) == ["Franprix"]


def test_a_filter_in_force_is_shown_and_can_be_taken_away(reader: Client, company: Company):
    invoice(company, account=None)
    html = page(reader, company, "?compte=aucun&q=franprix")
    assert "Compte\u00a0: Sans compte" in html or "Compte : Sans compte" in html
    assert 'href="/dossiers/' + str(company.pk) + '/achats/?q=franprix" title="Retirer ce filtre"' in html
