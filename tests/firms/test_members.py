"""What administrators decide of the members of their firm."""

import pytest
from django.test import Client

from firms.members import LastAdministrator, change_member, switch_member
from firms.models import Company, Role
from tests.factories.firms import CompanyFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_member_takes_another_role_and_other_companies():
    administrator = MembershipFactory(role=Role.ADMINISTRATOR)
    company, foreign = CompanyFactory(firm=administrator.firm), CompanyFactory()
    CompanyFactory(firm=administrator.firm)
    member = MembershipFactory(firm=administrator.firm)
    change_member(membership=member, role=Role.READER, companies=[company, foreign])
    member.refresh_from_db()
    assert member.role == Role.READER
    assert list(Company.objects.visible_to(member.user)) == [company]


def test_the_last_administrator_is_neither_switched_off_nor_made_something_else():
    last = MembershipFactory(role=Role.ADMINISTRATOR)
    MembershipFactory(role=Role.ADMINISTRATOR, firm=last.firm, is_active=False)
    MembershipFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator, match="nommez-en un autre d’abord"):
        switch_member(membership=last, is_active=False)
    with pytest.raises(LastAdministrator):
        change_member(membership=last, role=Role.READER, companies=None)
    last.refresh_from_db()
    assert (last.is_active, last.role) == (True, Role.ADMINISTRATOR)


def test_a_switched_off_member_sees_nothing_until_switched_on_again():
    administrator = MembershipFactory(role=Role.ADMINISTRATOR)
    company = CompanyFactory(firm=administrator.firm)
    member = MembershipFactory(firm=company.firm)
    switch_member(membership=member, is_active=False)
    assert not Company.objects.visible_to(member.user)
    switch_member(membership=member, is_active=True)
    assert list(Company.objects.visible_to(member.user)) == [company]


@pytest.fixture
def administrator(client: Client):
    membership = MembershipFactory(role=Role.ADMINISTRATOR)
    client.force_login(membership.user)
    return membership


def test_an_administrator_switches_a_member_off_and_on_by_page(client: Client, administrator):
    member = MembershipFactory(firm=administrator.firm)
    for value, is_active in (("non", False), ("oui", True)):
        client.post(f"/cabinet/membres/{member.pk}/acces/", {"actif": value})
        member.refresh_from_db()
        assert member.is_active is is_active


def test_the_page_says_why_the_last_administrator_stays(client: Client, administrator):
    client.post(f"/cabinet/membres/{administrator.pk}/acces/", {"actif": "non"})
    assert "C’est le dernier administrateur du cabinet" in client.get("/cabinet/membres/").content.decode()
    page = client.post(f"/cabinet/membres/{administrator.pk}/", {"role": "reader"}).content.decode()
    assert "C’est le dernier administrateur du cabinet" in page


def test_an_administrator_changes_a_role_by_page(client: Client, administrator):
    member, company = MembershipFactory(firm=administrator.firm), CompanyFactory(firm=administrator.firm)
    page = client.get(f"/cabinet/membres/{member.pk}/").content.decode()
    assert company.name in page
    client.post(f"/cabinet/membres/{member.pk}/", {"role": "reader", "companies": [company.pk]})
    member.refresh_from_db()
    assert (member.role, member.sees_all_companies, list(member.companies.all())) == (Role.READER, False, [company])


def test_a_member_of_another_firm_does_not_exist_for_an_administrator(client: Client, administrator):
    foreign = MembershipFactory()
    assert client.get(f"/cabinet/membres/{foreign.pk}/").status_code == 404
    assert client.post(f"/cabinet/membres/{foreign.pk}/acces/", {"actif": "non"}).status_code == 404
    assert client.get(f"/cabinet/membres/?cabinet={foreign.firm.code}").status_code == 404


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.READER])
@pytest.mark.parametrize("path", ["/cabinet/membres/", "/cabinet/membres/inviter/"])
def test_members_are_for_administrators_only(client: Client, role: Role, path: str):
    client.force_login(MembershipFactory(role=role).user)
    answer = client.get(path)
    assert answer.status_code == 403
    assert "Seuls les administrateurs du cabinet" in answer.content.decode()


def test_who_administers_two_firms_chooses_by_the_address(client: Client, administrator):
    other = MembershipFactory(user=administrator.user, role=Role.ADMINISTRATOR)
    for firm in (administrator.firm, other.firm):
        page = client.get(f"/cabinet/membres/?cabinet={firm.code}").content.decode()
        assert f'<span class="sub">{firm.name}</span>' in page


@pytest.mark.parametrize("count", [1, 10])
def test_the_members_page_asks_five_questions_however_many_they_are(
    client: Client, administrator, count: int, django_assert_num_queries
):
    MembershipFactory.create_batch(count, firm=administrator.firm)
    with django_assert_num_queries(5):
        client.get("/cabinet/membres/")


def test_companies_are_entrusted_to_a_member_whose_colleagues_are_named(client: Client, administrator):
    colleague = MembershipFactory(firm=administrator.firm)
    member, company = MembershipFactory(firm=administrator.firm), CompanyFactory(firm=administrator.firm)
    colleague.entrusted.add(company)
    page = client.get(f"/cabinet/membres/{member.pk}/").content.decode()
    assert f"{company}\u00a0: {colleague.user}" in page
    asked = {"role": "accountant", "sees_all_companies": "on", "entrusted": [company.pk]}
    client.post(f"/cabinet/membres/{member.pk}/", asked)
    assert list(member.entrusted.all()) == list(colleague.entrusted.all()) == [company]


def test_nobody_is_in_charge_of_a_company_that_he_may_not_see(client: Client, administrator):
    member = MembershipFactory(firm=administrator.firm)
    seen, hidden = CompanyFactory.create_batch(2, firm=administrator.firm)
    asked = {"role": "accountant", "companies": [seen.pk], "entrusted": [hidden.pk]}
    page = client.post(f"/cabinet/membres/{member.pk}/", asked).content.decode()
    assert f"Ce membre ne voit pas\u00a0: {hidden.name}." in page
    foreign = CompanyFactory()
    client.post(f"/cabinet/membres/{member.pk}/", asked | {"entrusted": [foreign.pk]})
    assert not member.entrusted.exists()


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_of_a_member_asks_no_more_for_more_companies(
    client: Client, administrator, count: int, django_assert_max_num_queries
):
    member = MembershipFactory(firm=administrator.firm)
    member.entrusted.set(CompanyFactory.create_batch(count, firm=administrator.firm))
    with django_assert_max_num_queries(10):
        client.get(f"/cabinet/membres/{member.pk}/")
