"""Which accounts a field unfolds while one types."""

import pytest
from django.test import Client
from django.urls import reverse

from achats.account_choices import answering_accounts, meant_accounts
from firms.models import Company
from ledger.models import Account
from tests.achats.test_pages_detail import an_invoice
from tests.factories.achats import SupplierFactory
from tests.factories.firms import CompanyFactory, member_of

CHART = [
    Account(code="21830000", label="Matériel de bureau et informatique"),
    Account(code="60640000", label="Fournitures administratives"),
    Account(code="62510000", label="Voyages et déplacements"),
    Account(code="62570000", label="Réceptions"),
]


def codes(text: str) -> list[str]:
    return [account.code for account in answering_accounts(CHART, text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("6257", ["62570000"]),
        ("625", ["62510000", "62570000"]),
        ("62570000 Réceptions", ["62570000"]),
        ("recep", ["62570000"]),
        ("DÉPLAC", ["62510000"]),
        ("bureau", ["21830000"]),
        ("f", ["60640000"]),
        ("ureau", []),
        ("62579999", []),
        ("   ", []),
    ],
)
def test_an_account_answers_to_its_number_and_to_the_start_of_its_words(text: str, meant: list[str]):
    assert codes(text) == meant


def test_those_whose_label_is_opened_come_first_and_are_meant_alone():
    accounts = [
        Account(code="61300000", label="Frais de location"),
        Account(code="61350000", label="Locations mobilières"),
    ]
    assert [account.code for account in answering_accounts(accounts, "loc")] == ["61350000", "61300000"]
    assert [account.code for account in meant_accounts(accounts, "loc")] == ["61350000"]


def unfolded(client: Client, company: Company, query: str) -> str:
    answer = client.get(reverse("achats:account_choices", args=[company.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_habits_of_the_supplier_come_before_the_chart(client: Client, company: Company):
    client.force_login(member_of(company))
    supplier = SupplierFactory.create(company=company, name="Franprix")
    for _ in range(3):
        an_invoice(company)
    shown = unfolded(client, company, f"?fournisseur={supplier.pk}")
    assert "Habituels pour Franprix" in shown
    assert "3 fois sur 3" in shown.replace("\xa0", " ")
    assert shown.index("Habituels") < shown.index("Tous les comptes")


def test_charges_come_before_assets_and_the_rest_is_counted(client: Client, company: Company):
    client.force_login(member_of(company))
    shown = unfolded(client, company, "?q=mat")
    first, last = shown.index('data-value="6'), shown.rindex('data-value="2')
    assert first < last
    assert shown.count('role="option"') <= 12
    assert "précisez" in unfolded(client, company, "?q=6")


def test_what_answers_to_nothing_is_said_and_stays_harmless(client: Client, company: Company):
    client.force_login(member_of(company))
    shown = unfolded(client, company, "?q=%3Cscript%3E&fournisseur=nul")
    assert "Aucun compte ouvert aux achats ne répond à « &lt;script&gt; »" in shown


def test_the_accounts_of_another_company_are_never_unfolded(client: Client, company: Company):
    elsewhere = CompanyFactory.create()
    Account.objects.create(company=elsewhere, code="62579990", label="Réceptions d’ailleurs")
    client.force_login(member_of(company))
    assert "d’ailleurs" not in unfolded(client, company, "?q=recep")
    assert client.get(reverse("achats:account_choices", args=[elsewhere.pk])).status_code == 404
    theirs = SupplierFactory.create(company=elsewhere)
    assert "Habituels" not in unfolded(client, company, f"?fournisseur={theirs.pk}")


def test_a_filter_is_offered_what_has_no_account_before_the_chart(client: Client, company: Company):
    client.force_login(member_of(company))
    assert 'data-value="Sans compte"' in unfolded(client, company, "?tous=oui&sans=oui")
    assert 'data-value="Sans compte"' in unfolded(client, company, "?tous=oui&sans=oui&q=sans")
    assert "Sans compte" not in unfolded(client, company, "?tous=oui&sans=oui&q=6257")
    assert "Sans compte" not in unfolded(client, company, "?tous=oui")
