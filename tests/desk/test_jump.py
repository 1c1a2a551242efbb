"""« Aller à… »: a few letters lead to companies, pages, invoices, suppliers and bank accounts, of one's own alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from firms.models import Company, Role, User
from tests.factories.achats import PurchaseInvoiceFactory, SupplierFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, MembershipFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return CompanyFactory(code="DEMO", name="Épicerie des Lilas", siren="732829320")


@pytest.fixture
def person(company: Company, client: Client) -> User:
    user = member_of(company)
    client.force_login(user)
    return user


def found(client: Client, text: str, company: Company | None = None) -> dict[str, list[str]]:
    """The words of what answers, by kind."""
    path = f"/dossiers/{company.pk}/aller/" if company else "/aller/"
    groups = client.get(path, {"q": text}).context["groups"]
    return {title: [one.words for one in some] for title, some in groups}


@pytest.mark.parametrize("text", ["epicerie", "ÉPICERIE LILAS", "demo", "732 829 320", "lilas épi"])
def test_a_company_answers_by_its_words_code_or_siren_whatever_the_accents(
    client: Client, company: Company, person: User, text: str
):
    CompanyFactory(firm=company.firm, name="Garage du Port")
    if text == "732 829 320":
        text = "732829320"
    assert found(client, text)["Dossiers"] == [company.name]


@pytest.mark.parametrize(
    "text", ["FA0068", "fa0068 34", "1743,54", "1 743,54 €", "orange", "ORÀNGE busi", "13/09/2019"]
)
def test_an_invoice_answers_by_number_supplier_amount_or_day(client: Client, company: Company, person: User, text: str):
    invoice = PurchaseInvoiceFactory.create(
        company=company,
        supplier_name="Orange Business",
        reference="FA0068 34",
        gross_amount=Decimal("1743.54"),
        issued_on=date(2019, 9, 13),
    )
    PurchaseInvoiceFactory.create(company=company, supplier_name="Franprix", gross_amount=Decimal("5.76"))
    answer = client.get(f"/dossiers/{company.pk}/aller/", {"q": text})
    (one,) = dict(answer.context["groups"])["Factures"]
    assert one.url == f"/dossiers/{company.pk}/achats/{invoice.pk}/"
    assert one.detail.replace("\xa0", " ") == "FA0068 34 · 13/09/2019 · 1 743,54 €"


def test_suppliers_and_bank_accounts_answer_too(client: Client, company: Company, person: User):
    supplier = SupplierFactory.create(company=company, name="Société Générale de Presse")
    account = BankAccountFactory(company=company, label="Société Générale pro", last_four="4471", iban="FR7630003")
    answer = client.get(f"/dossiers/{company.pk}/aller/", {"q": "societe generale"})
    groups = dict(answer.context["groups"])
    assert [one.url for one in groups["Fournisseurs"]] == [f"/dossiers/{company.pk}/fournisseurs/{supplier.pk}/"]
    assert [one.url for one in groups["Comptes bancaires"]] == [f"/dossiers/{company.pk}/banque/{account.pk}/"]
    assert found(client, "4471", company)["Comptes bancaires"] == ["Société Générale pro"]
    assert found(client, "fr7630003", company)["Comptes bancaires"] == ["Société Générale pro"]


def test_a_page_answers_by_the_start_of_its_words_and_says_its_keys(client: Client, company: Company, person: User):
    assert found(client, "regl four", company)["Pages"] == ["Règles fournisseur"]
    (one,) = dict(client.get(f"/dossiers/{company.pk}/aller/", {"q": "doubl"}).context["groups"])["Pages"]
    assert (one.url, one.keys) == (f"/dossiers/{company.pk}/achats/doublons/", "G D")


def test_every_page_that_is_offered_opens(client: Client, company: Company, person: User):
    for one in dict(client.get(f"/dossiers/{company.pk}/aller/").context["groups"])["Pages"]:
        assert client.get(one.url).status_code == 200, one


def test_a_reader_is_offered_no_page_that_is_closed_to_him(client: Client, company: Company):
    client.force_login(member_of(company, Role.READER))
    for one in dict(client.get(f"/dossiers/{company.pk}/aller/").context["groups"])["Pages"]:
        assert client.get(one.url).status_code == 200, one


def test_nothing_of_another_company_or_firm_ever_answers(client: Client, company: Company):
    other, foreign = CompanyFactory(firm=company.firm, name="Lilas voisin"), CompanyFactory(name="Lilas étranger")
    for where in (other, foreign):
        PurchaseInvoiceFactory.create(company=where, supplier_name="Lilas secret", reference="LILAS1")
        SupplierFactory.create(company=where, name="Lilas secret")
        BankAccountFactory(company=where, label="Lilas secret")
    client.force_login(MembershipFactory(firm=company.firm, chosen=[company]).user)
    client.cookies["dossiers"] = f"{other.pk}.{foreign.pk}"
    for text in ("lilas", ""):
        page = client.get(f"/dossiers/{company.pk}/aller/", {"q": text}).content.decode()
        assert "voisin" not in page
        assert "étranger" not in page
        assert "secret" not in page
    assert client.get(f"/dossiers/{foreign.pk}/aller/", {"q": "lilas"}).status_code == 404
    assert found(client, "lilas") == {"Dossiers": [company.name]}


def test_without_a_company_only_companies_and_pages_answer(client: Client, company: Company, person: User):
    PurchaseInvoiceFactory.create(company=company, supplier_name="Lilas fleurs")
    assert found(client, "lilas") == {"Dossiers": [company.name]}
    assert found(client, "cabinet")["Pages"] == ["Cabinet"]


def test_without_a_word_the_last_companies_and_the_pages_are_offered(client: Client, company: Company, person: User):
    other = CompanyFactory(firm=company.firm)
    client.get(f"/dossiers/{other.pk}/")
    groups = found(client, "", company)
    assert groups["Dossiers"] == [other.name]
    assert {"Achats", "Doublons", "Cabinet"} <= set(groups["Pages"])


def test_what_answers_nothing_says_so(client: Client, company: Company, person: User):
    page = client.get(f"/dossiers/{company.pk}/aller/", {"q": "zzzz"}).content.decode()
    assert "Rien ne répond à «\u00a0zzzz\u00a0»." in page
    assert found(client, "a\0b€ !", company) == {}


@pytest.mark.parametrize("many", [1, 30])
def test_an_answer_costs_few_queries_however_much_there_is(
    client: Client, company: Company, person: User, many: int, django_assert_max_num_queries
):
    for number in range(many):
        PurchaseInvoiceFactory.create(company=company, supplier_name=f"Lilas {number}", reference=f"L{number}")
        BankAccountFactory(company=company, label=f"Lilas {number}")
    client.get(f"/dossiers/{company.pk}/")
    with django_assert_max_num_queries(5):
        client.get(f"/dossiers/{company.pk}/aller/", {"q": "lilas"})
    with django_assert_max_num_queries(4):
        answer = client.get(f"/dossiers/{company.pk}/aller/", {"q": "lilas"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer["Vary"].find("HX-Request") >= 0
    assert max(len(some) for _, some in answer.context["groups"]) <= 6
