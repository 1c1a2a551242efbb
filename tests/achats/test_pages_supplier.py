"""The page of a supplier: what it sold, what is usual, what is left to pay, and the change of what is known of it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import PurchaseInvoice, Supplier, SupplierAlias
from achats.sheets.supplier import SupplierPage
from firms.models import Company, Event, Role
from tests.factories.achats import PurchaseInvoiceFactory, SupplierFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def orange(company: Company) -> Supplier:
    return SupplierFactory.create(company=company, name="Orange")


def bought(supplier: Supplier, gross: str, **fields: object) -> PurchaseInvoice:
    amounts = {"gross_amount": Decimal(gross), "vat_amount": None}
    return PurchaseInvoiceFactory.create(
        company=supplier.company, supplier_name=supplier.name, supplier=supplier, **amounts | fields
    )


def url(supplier: Supplier, name: str = "supplier") -> str:
    return reverse(f"achats:{name}", args=[supplier.company_id, supplier.pk])


def page(client: Client, supplier: Supplier, query: str = "") -> str:
    answer = client.get(url(supplier) + query)
    assert answer.status_code == 200
    return answer.content.decode()


TYPED = {
    "name": "Orange SA",
    "ledger_code": "401ORAN",
    "is_active": "on",
    "aliases": "Orange Business\nOBS",
    "account": "62570000",
}


def test_what_is_left_to_pay_counts_credit_notes_and_parts(reader: Client, orange: Supplier):
    bought(orange, "100.00", reference="A")
    bought(orange, "30.00", reference="B", kind="credit_note")
    partly = bought(orange, "50.00", reference="C")
    PurchaseInvoice.objects.filter(pk=partly.pk).update(settled_cents=2000, settlement="partial")
    html = page(reader, orange)
    assert "100,00\u00a0€" in html
    assert re.search(r"Reste à payer <strong[^>]*>100,00", html)


def test_the_months_are_twelve_with_their_empty_ones(company: Company, orange: Supplier):
    bought(orange, "12.00", issued_on=date(2019, 9, 3), reference="A")
    bought(orange, "5.00", issued_on=date(2019, 9, 25), reference="B", kind="credit_note")
    bought(orange, "7.00", issued_on=date(2018, 9, 30), reference="old")
    months = SupplierPage(company, orange.pk, today=date(2019, 9, 30)).months
    assert [months[0].starts_on, months[-1].starts_on] == [date(2018, 10, 1), date(2019, 9, 1)]
    assert [month.total for month in months] == [0] * 11 + [Decimal("7.00")]


def test_the_chart_has_its_table_and_no_style(reader: Client, orange: Supplier):
    bought(orange, "12.00")
    html = page(reader, orange)
    assert 'role="img"' in html
    assert "<caption" in html
    assert "style=" not in html


def test_habits_are_told(reader: Client, orange: Supplier):
    for day in (1, 2):
        bought(orange, "12.00", issued_on=date(2019, 9, day), due_on=date(2019, 9, day + 20), reference=f"F{day}")
    html = page(reader, orange)
    assert "2 fois sur 2" in html
    assert "20\u00a0jours" in html


def test_the_invoices_are_paged_by_key(reader: Client, orange: Supplier):
    for number in range(51):
        bought(orange, "12.00", reference=f"F{number}")
    html = page(reader, orange)
    assert html.count("data-row-link") == 50
    following = re.search(r'rel="next" href="(\?[^"]+)"', html)
    assert following
    assert page(reader, orange, following[1]).count("data-row-link") == 1


def test_name_aliases_account_and_rule_are_changed_and_remembered(reader: Client, orange: Supplier):
    SupplierAlias.objects.create(company=orange.company, supplier=orange, name="Vieux", folded_name="vieux")
    assert reader.post(url(orange, "supplier_edit"), TYPED).status_code == 302
    orange.refresh_from_db()
    assert (orange.name, orange.ledger_code, orange.rule.account.code) == ("Orange SA", "401ORAN", "62570000")
    assert sorted(alias.name for alias in orange.aliases.all()) == ["OBS", "Orange Business"]
    event = Event.objects.get(kind="supplier.changed", subject_id=orange.pk)
    assert event.changes["name"] == ["Orange", "Orange SA"]
    assert event.changes["aliases"] == [["Vieux"], ["OBS", "Orange Business"]]


def test_a_rule_that_says_nothing_any_more_is_gone(reader: Client, orange: Supplier):
    reader.post(url(orange, "supplier_edit"), TYPED)
    reader.post(url(orange, "supplier_edit"), TYPED | {"account": ""})
    assert not hasattr(Supplier.objects.get(pk=orange.pk), "rule")


def test_a_name_that_leads_to_another_is_refused_and_nothing_is_stored(reader: Client, orange: Supplier):
    SupplierFactory.create(company=orange.company, name="OBS")
    answer = reader.post(url(orange, "supplier_edit"), TYPED)
    assert (answer.status_code, "mène déjà au fournisseur" in answer.content.decode()) == (422, True)
    orange.refresh_from_db()
    assert orange.name == "Orange"


def test_the_page_is_reached_from_the_detail_and_the_filtered_list(reader: Client, orange: Supplier):
    invoice = bought(orange, "12.00")
    for address in (
        reverse("achats:detail", args=[orange.company_id, invoice.pk]),
        reverse("achats:list", args=[orange.company_id]) + f"?fournisseur={orange.pk}",
    ):
        assert url(orange) in reader.get(address).content.decode()


def test_a_reader_looks_and_changes_nothing(client: Client, company: Company, orange: Supplier):
    client.force_login(member_of(company, Role.READER))
    assert "Modifier" not in page(client, orange)
    assert client.post(url(orange, "supplier_edit"), TYPED).status_code == 403


def test_a_supplier_of_another_company_is_unknown(reader: Client, company: Company):
    other = SupplierFactory.create(company=CompanyFactory.create(firm=company.firm))
    assert reader.get(reverse("achats:supplier", args=[company.pk, other.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_queries_do_not_grow_with_the_invoices(reader, orange, many, django_assert_max_num_queries):
    for number in range(many):
        bought(orange, "12.00", reference=f"F{number}")
    with django_assert_max_num_queries(17):
        page(reader, orange)
