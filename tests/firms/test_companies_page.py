"""The company switch, the last companies, and the roles."""

import pytest
from django.test import Client

from firms.lookup import AmbiguousCompany, CompanyNotFound, company_by_code
from firms.models import Role
from firms.roles import Right, grants
from tests.factories.firms import CompanyFactory, FirmFactory, MembershipFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def found(client: Client, words: str) -> str:
    return client.get("/dossiers/", {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["épicerie", "EPICERIE", "lil", "732 829", "73282"])
def test_a_company_is_found_by_name_code_or_siren_whatever_its_accents(client: Client, member, words: str):
    CompanyFactory(firm=member.firm, name="Épicerie des Lilas", code="LIL", siren="732829320")
    CompanyFactory(firm=member.firm, name="Garage du Port", code="GAR")
    page = found(client, words)
    assert "Épicerie des Lilas" in page
    assert "Garage du Port" not in page


def test_a_search_that_finds_nothing_says_so(client: Client, member):
    assert "Aucun dossier pour «\u00a0franprx\u00a0»" in found(client, "franprx")
    assert "Aucun dossier pour" in found(client, "a\0b")


def test_the_companies_of_others_are_not_listed(client: Client, member):
    foreign = CompanyFactory(name="Dossier d’un autre cabinet")
    assert foreign.name not in client.get("/dossiers/").content.decode()


def test_who_was_given_no_company_is_told(client: Client, member):
    assert "Aucun dossier ne vous est confié." in client.get("/dossiers/").content.decode()


def test_the_last_five_companies_come_first(client: Client, member):
    companies = CompanyFactory.create_batch(6, firm=member.firm)
    for company in companies:
        client.get(f"/dossiers/{company.pk}/")
    recent = client.get("/dossiers/").context["recent"]
    assert recent == companies[:0:-1]


def test_meg_opens_on_the_last_company(client: Client, member):
    first, second = CompanyFactory.create_batch(2, firm=member.firm)
    assert client.get("/")["Location"] == "/dossiers/"
    client.get(f"/dossiers/{second.pk}/")
    client.get(f"/dossiers/{first.pk}/")
    assert client.get("/")["Location"] == f"/dossiers/{first.pk}/"


def test_meg_opens_on_the_only_company(client: Client, member):
    company = CompanyFactory(firm=member.firm)
    assert client.get("/")["Location"] == f"/dossiers/{company.pk}/"


@pytest.mark.parametrize("cookie", ["n-importe", "1.2.3", "00000000-0000-0000-0000-000000000000"])
def test_a_cookie_that_was_tampered_with_shows_nothing(client: Client, member, cookie: str):
    client.cookies["dossiers"] = cookie
    assert client.get("/dossiers/").context["recent"] == []
    assert client.get("/")["Location"] == "/dossiers/"


def test_a_foreign_company_in_the_cookie_is_not_shown(client: Client, member):
    foreign = CompanyFactory(name="Dossier d’un autre cabinet")
    client.cookies["dossiers"] = str(foreign.pk)
    assert foreign.name not in client.get("/dossiers/").content.decode()
    assert client.get("/")["Location"] == "/dossiers/"


def test_companies_are_listed_in_french_order_and_administrators_find_the_members(client: Client):
    firm = MembershipFactory().firm
    for name in ("Ferme", "Épicerie", "dépôt"):
        CompanyFactory(firm=firm, name=name)
    client.force_login(MembershipFactory(firm=firm, role=Role.ADMINISTRATOR).user)
    page = client.get("/dossiers/")
    assert [company.name for company in page.context["companies"]] == ["dépôt", "Épicerie", "Ferme"]
    assert "/cabinet/membres/" in page.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_companies_page_asks_five_questions_however_many_they_are(
    client: Client, member, count: int, django_assert_num_queries
):
    companies = CompanyFactory.create_batch(count, firm=member.firm)
    client.cookies["dossiers"] = str(companies[0].pk)
    with django_assert_num_queries(5):
        client.get("/dossiers/")


def test_a_reader_reads_an_accountant_writes_an_administrator_decides():
    assert [right for right in Right if grants(Role.READER, right)] == [Right.READ]
    assert [right for right in Right if grants(Role.ACCOUNTANT, right)] == [Right.READ, Right.WRITE]
    assert all(grants(Role.ADMINISTRATOR, right) for right in Right)
    assert not any(grants(None, right) for right in Right)


def test_preferences_are_kept_and_the_page_takes_the_theme(client: Client):
    client.force_login(member_of(CompanyFactory()))
    assert client.get("/preferences/").status_code == 200
    client.post("/preferences/", {"name": "Jeanne", "theme": "dark", "density": "comfortable"})
    page = client.get("/preferences/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="comfortable"' in page
    assert 'data-keys="off"' in page


def test_a_company_is_found_by_its_code_alone_where_one_firm_has_it():
    company = CompanyFactory(code="SEUL")
    assert company_by_code(code="SEUL") == company


def test_a_code_that_two_firms_use_needs_the_firm():
    one, two = CompanyFactory(code="DOUBLE"), CompanyFactory(code="DOUBLE")
    with pytest.raises(AmbiguousCompany, match="--firm"):
        company_by_code(code="DOUBLE")
    assert company_by_code(code="DOUBLE", firm_code=two.firm.code) == two
    assert one != two


def test_an_unknown_code_is_said():
    with pytest.raises(CompanyNotFound, match="RIEN"):
        company_by_code(code="RIEN")
    with pytest.raises(CompanyNotFound):
        company_by_code(code=CompanyFactory().code, firm_code=FirmFactory().code)
