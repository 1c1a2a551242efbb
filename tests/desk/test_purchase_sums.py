"""What a company bought, summed by month and by account."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.changing.cancelling import cancel_invoice
from achats.models import Kind, PurchaseInvoice
from desk.purchase_sums import PurchaseSums, purchase_sums
from firms.models import Company
from tests.factories.achats import NOW, PurchaseInvoiceFactory
from tests.factories.firms import CompanyFactory, member_of

pytestmark = pytest.mark.django_db
TODAY = date(2019, 11, 30)


@pytest.fixture
def company() -> Company:
    return CompanyFactory.create()


def bought(company: Company, day: date, gross: str, vat: str | None = "0.00", **fields: object) -> PurchaseInvoice:
    amounts = {"gross_amount": Decimal(gross), "vat_amount": None if vat is None else Decimal(vat)}
    return PurchaseInvoiceFactory.create(company=company, issued_on=day, **amounts, **fields)


def sums(company: Company) -> PurchaseSums:
    return purchase_sums(company=company, today=TODAY)


def test_twelve_months_end_with_that_of_the_last_purchase(company: Company):
    bought(company, date(2019, 9, 25), "12.00", "2.00")
    months = sums(company).months
    assert (months[0].since, months[-1].since, months[-1].until) == (
        date(2018, 10, 1),
        date(2019, 9, 1),
        date(2019, 9, 30),
    )
    assert (months[-1].net, months[-1].vat, months[-1].gross) == (Decimal("10.00"), Decimal("2.00"), Decimal("12.00"))
    assert months[-1].name == "septembre 2019"


def test_a_credit_note_is_deducted_and_a_vat_that_was_not_extracted_is_none(company: Company):
    bought(company, date(2019, 9, 1), "100.00", None)
    bought(company, date(2019, 9, 30), "30.00", "5.00", kind=Kind.CREDIT_NOTE)
    month = sums(company).months[-1]
    assert (month.net, month.vat, month.gross) == (Decimal("75.00"), Decimal("-5.00"), Decimal("70.00"))


def test_what_is_cancelled_foreign_later_or_of_another_company_is_left_out(company: Company):
    bought(company, date(2019, 9, 25), "12.00")
    gone = bought(company, date(2019, 9, 26), "50.00")
    cancel_invoice(invoice=gone, by=member_of(company), reason="", at=NOW)
    bought(company, date(2019, 9, 27), "70.00", currency="USD")
    bought(company, date(2019, 12, 1), "90.00")
    bought(CompanyFactory.create(), date(2019, 9, 25), "11.00")
    found = sums(company)
    assert found.months[-1].gross == Decimal("12.00")
    assert found.foreign == 1
    assert sum(one.net for one in found.accounts) == Decimal("12.00")


def test_the_largest_accounts_come_first_and_the_others_are_one(company: Company):
    codes = list(company.accounts.for_purchases().order_by("code").values_list("code", flat=True)[:10])
    for place, code in enumerate(codes, start=1):
        bought(company, date(2019, 9, 25), f"{place}.00", account=code)
    bought(company, date(2019, 9, 25), "100.00", account=None)
    accounts = sums(company).accounts
    assert [one.net for one in accounts] == [Decimal(n) for n in (100, 10, 9, 8, 7, 6, 5, 4, 6)]
    assert (accounts[0].label, accounts[1].code, accounts[-1].label) == ("Sans compte", codes[-1], "Autres (3)")


def test_the_charts_are_drawn_with_their_table_and_asked_for_in_six_questions(
    client: Client, company: Company, django_assert_num_queries
):
    client.force_login(member_of(company))
    bought(company, date(2019, 9, 25), "1743.54", account="62570000")
    with django_assert_num_queries(6):
        answer = client.get(reverse("desk:charts", args=[company.pk]), headers={"HX-Request": "true"})
    shown = answer.content.decode().replace("\xa0", " ")
    assert "<title>septembre 2019 : 1 743,54 €</title>" in shown
    assert "?onglet=tout&amp;du=01/09/2019&amp;au=30/09/2019" in shown
    assert "?onglet=tout&amp;compte=62570000" in shown
    assert "style=" not in shown
    assert "<html" not in shown


def test_without_a_script_the_charts_are_a_page(client: Client, company: Company):
    client.force_login(member_of(company))
    shown = client.get(reverse("desk:charts", args=[company.pk])).content.decode()
    assert "Achats par mois" in shown
    assert "Aucun achat sur douze mois" in shown
    assert client.get(reverse("desk:charts", args=[CompanyFactory.create().pk])).status_code == 404
