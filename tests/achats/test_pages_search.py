"""The search and the filters of the list of purchases."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import SavedView, Supplier
from firms.models import Company
from tests.achats.list_pages import invoice, names, page, text
from tests.factories.achats import PaymentMethodFactory
from tests.factories.firms import CompanyFactory


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


def test_a_misspelt_word_of_a_long_name_proposes_it_and_another_tab_is_one_press_away(reader: Client, company: Company):
    invoice(company, "Orange Business Services", account=None)
    assert "Essayez <a" in page(reader, company, "?q=oragne")
    html = page(reader, company, "?onglet=comptabilise&q=orange")
    assert 'achats/?q=orange">Chercher dans tous les onglets</a>' in html
    assert "tous les onglets" not in page(reader, company, "?q=zzz")


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


@pytest.mark.parametrize("query", ["?du=bientôt", "?compte=rien", "?fournisseur=x", "?tri=x", "?apres=x~y", "?avant=~"])
def test_a_parameter_that_means_nothing_filters_nothing(reader: Client, company: Company, query: str):
    invoice(company)
    assert names(page(reader, company, query)) == ["Franprix"]


def test_a_filter_in_force_is_shown_and_can_be_taken_away(reader: Client, company: Company):
    invoice(company, account=None)
    html = page(reader, company, "?compte=aucun&q=franprix")
    assert "Compte\u00a0: Sans compte" in html or "Compte : Sans compte" in html
    assert 'href="/dossiers/' + str(company.pk) + '/achats/?q=franprix" title="Retirer ce filtre"' in html


def test_a_supplier_is_filtered_by_typing_his_name_among_any_number(reader: Client, company: Company):
    Supplier.objects.bulk_create(
        Supplier(company=company, name=f"A{number:03}", folded_name=f"a{number:03}") for number in range(301)
    )
    last = invoice(company, "Zèbre")
    invoice(company, "Autre")
    for typed in ("zeb", "Zèbre", f"{last.supplier_id}"):
        html = page(reader, company, f"?fournisseur={typed}")
        assert names(html) == ["Zèbre"], typed
        assert "Fournisseur\u00a0: Zèbre" in html
        assert re.search('<input[^>]*name="fournisseur"[^>]*value="Zèbre"', html)
    assert "A001" not in html  # the page does not carry the suppliers of the company


def test_of_several_suppliers_who_answer_one_chooses(reader: Client, company: Company):
    rows = [invoice(company, name) for name in ("Orange", "Oranaise")]
    Supplier.objects.filter(pk=rows[0].supplier_id).update(siren="380129866", is_active=False)
    html = page(reader, company, "?fournisseur=ora")
    assert names(html) == ["Oranaise", "Orange"] or names(html) == ["Orange", "Oranaise"]
    shown = text(html)
    assert "Plusieurs fournisseurs répondent à «\u00a0ora\u00a0». Ce filtre n’est pas appliqué. Lequel\u00a0?" in shown
    assert "Orange · SIREN 380129866" in shown
    assert f"?fournisseur={rows[0].supplier_id}" in html
    assert names(page(reader, company, "?fournisseur=Orange · SIREN 380129866")) == ["Orange"]
    assert "Aucun fournisseur ne répond à «\u00a0xyz\u00a0»" in text(page(reader, company, "?fournisseur=xyz"))


def test_a_supplier_of_another_company_is_neither_named_nor_found(reader: Client, company: Company):
    invoice(company)
    theirs = Supplier.objects.create(company=CompanyFactory.create(), name="Ailleurs")
    assert "Aucun fournisseur ne répond" in page(reader, company, "?fournisseur=Ailleurs")
    assert "Ailleurs" not in page(reader, company, f"?fournisseur={theirs.pk}")


@pytest.mark.parametrize("typed", ["62570000", "6257", "récep", "62570000 Réceptions"])
def test_an_account_is_filtered_by_its_number_its_start_or_a_word(reader: Client, company: Company, typed: str):
    invoice(company, "Autre")
    invoice(company, "Franprix", account=None)
    assert names(page(reader, company, f"?compte={typed}")) == ["Autre"]
    assert names(page(reader, company, "?compte=Sans compte")) == ["Franprix"]
    assert "Compte\u00a0: 6257…" in text(page(reader, company, "?compte=6257"))


def test_a_filter_that_cannot_be_read_is_told_beside_the_rows(reader: Client, company: Company):
    invoice(company)
    answer = page(reader, company, "?du=bientôt", **{"HX-Request": "true"})
    assert "Du\u00a0: «\u00a0bientôt\u00a0» n’est pas une date." in text(answer)
    assert "Ce filtre n’est pas appliqué." in answer


def test_a_view_of_a_typed_supplier_keeps_that_one(reader: Client, company: Company):
    row = invoice(company, "Zèbre")
    reader.post(reverse("achats:save_view", args=[company.pk]) + "?fournisseur=zeb&compte=récep", {"nom": "Zèbre"})
    view = SavedView.objects.get(company=company)
    assert view.query == f"fournisseur={row.supplier_id}&compte=62570000"
