"""How people join a firm."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from firms.invitations import InvitationEnded, accept_invitation, invite
from firms.models import Company, Invitation, Membership, Role, User
from firms.signing_in import WrongCredentials
from tests.factories.firms import PASSWORD, CompanyFactory, FirmFactory, MembershipFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db
WEAK = "12345"


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def test_an_accepted_invitation_makes_a_member_who_sees_the_chosen_companies():
    company, other = CompanyFactory(), CompanyFactory()
    _, token = invite(firm=company.firm, email="Neuf@Cabinet.test", role=Role.ACCOUNTANT, companies=[company, other])
    user = accept_invitation(token=token, password=PASSWORD, name="Neuf")
    assert (user.email, user.name, user.check_password(PASSWORD)) == ("neuf@cabinet.test", "Neuf", True)
    assert list(Company.objects.visible_to(user)) == [company]


def test_an_invitation_for_all_companies_shows_those_created_later():
    firm = FirmFactory()
    _, token = invite(firm=firm, email="neuf@cabinet.test", role=Role.READER)
    user = accept_invitation(token=token, password=PASSWORD)
    assert CompanyFactory(firm=firm) in Company.objects.visible_to(user)


def test_an_invitation_serves_once():
    _, token = invite(firm=FirmFactory(), email="neuf@cabinet.test", role=Role.READER)
    accept_invitation(token=token, password=PASSWORD)
    with pytest.raises(InvitationEnded):
        accept_invitation(token=token, password=PASSWORD)


def test_an_invitation_ends_after_seven_days():
    invitation, token = invite(firm=FirmFactory(), email="neuf@cabinet.test", role=Role.READER)
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvitationEnded, match="Demandez-en une nouvelle"):
        accept_invitation(token=token, password=PASSWORD)


def test_a_new_invitation_ends_the_earlier_one_of_the_same_firm():
    firm = FirmFactory()
    _, first = invite(firm=firm, email="neuf@cabinet.test", role=Role.READER)
    invite(firm=firm, email="neuf@cabinet.test", role=Role.ACCOUNTANT)
    with pytest.raises(InvitationEnded):
        accept_invitation(token=first, password=PASSWORD)


def test_the_token_is_kept_nowhere():
    invitation, token = invite(firm=FirmFactory(), email="neuf@cabinet.test", role=Role.READER)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_a_weak_password_is_refused_and_the_invitation_stays():
    _, token = invite(firm=FirmFactory(), email="neuf@cabinet.test", role=Role.READER)
    with pytest.raises(ValidationError):
        accept_invitation(token=token, password=WEAK)
    assert not User.objects.exists()
    assert accept_invitation(token=token, password=PASSWORD)


def test_an_account_that_exists_joins_with_its_own_password_and_keeps_it():
    user, firm = UserFactory(email="ancien@cabinet.test"), FirmFactory()
    _, token = invite(firm=firm, email=user.email, role=Role.READER)
    with pytest.raises(WrongCredentials):
        accept_invitation(token=token, password="un-mot-de-passe-choisi-par-un-autre")
    assert accept_invitation(token=token, password=PASSWORD) == user
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert Membership.objects.get(user=user).firm == firm


def test_a_member_who_was_switched_off_comes_back_with_the_new_role():
    membership = MembershipFactory(role=Role.ADMINISTRATOR, is_active=False)
    _, token = invite(firm=membership.firm, email=membership.user.email, role=Role.READER)
    accept_invitation(token=token, password=PASSWORD)
    membership.refresh_from_db()
    assert (membership.is_active, membership.role) == (True, Role.READER)


def test_an_administrator_invites_by_mail_and_the_link_opens_the_firm(client: Client):
    company = CompanyFactory()
    administrator = member_of(company, Role.ADMINISTRATOR)
    client.force_login(administrator)
    fields = {"email": "neuf@cabinet.test", "role": "accountant", "sees_all_companies": "on"}
    assert client.post("/cabinet/membres/inviter/", fields).status_code == 302
    assert "L’invitation est partie à neuf@cabinet.test." in client.get("/cabinet/membres/").content.decode()
    (message,) = mail.outbox
    assert message.to == ["neuf@cabinet.test"]
    path = re.search(r"http://testserver(/invitation/\S+)", message.body)[1]
    client.logout()
    assert company.firm.name in client.get(path).content.decode()
    assert client.post(path, {"name": "Neuf", "password": PASSWORD})["Location"] == "/"
    assert client.get("/")["Location"] == f"/dossiers/{company.pk}/"


def test_the_invitation_page_says_why_a_password_is_refused(client: Client):
    _, token = invite(firm=FirmFactory(), email="neuf@cabinet.test", role=Role.READER)
    page = client.post(f"/invitation/{token}/", {"name": "Neuf", "password": WEAK}).content.decode()
    assert "Ce mot de passe est trop court" in page


def test_the_page_of_a_dead_link_says_so(client: Client):
    answer = client.get("/invitation/inconnu/")
    assert answer.status_code == 410
    assert "Cette invitation n’est plus valable." in answer.content.decode()


def test_an_account_that_exists_is_asked_for_its_password_only(client: Client):
    user = UserFactory()
    _, token = invite(firm=FirmFactory(), email=user.email, role=Role.READER)
    page = client.get(f"/invitation/{token}/").content.decode()
    assert "Vous avez déjà un compte MEG" in page
    assert 'name="name"' not in page
    assert (
        "Adresse ou mot de passe incorrect." in client.post(f"/invitation/{token}/", {"password": "x"}).content.decode()
    )


def test_an_active_member_is_not_invited_again(client: Client):
    company = CompanyFactory()
    client.force_login(member_of(company, Role.ADMINISTRATOR))
    member = member_of(company)
    page = client.post("/cabinet/membres/inviter/", {"email": member.email, "role": "reader"}).content.decode()
    assert f"{member.email} est déjà membre du cabinet." in page
    assert not Invitation.objects.exists()


def test_a_mail_that_does_not_leave_leaves_no_invitation(client: Client, settings):
    smtp = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 9}}
    settings.MAILERS = {"default": smtp}
    client.force_login(member_of(CompanyFactory(), Role.ADMINISTRATOR))
    page = client.post("/cabinet/membres/inviter/", {"email": "neuf@cabinet.test", "role": "reader"}).content.decode()
    assert "Le message n’a pas pu partir" in page
    assert not Invitation.objects.exists()


def test_an_invitation_is_withdrawn_by_its_firm_only(client: Client):
    company = CompanyFactory()
    client.force_login(member_of(company, Role.ADMINISTRATOR))
    foreign, _ = invite(firm=FirmFactory(), email="autre@cabinet.test", role=Role.READER)
    own, _ = invite(firm=company.firm, email="neuf@cabinet.test", role=Role.READER)
    assert client.post(f"/cabinet/invitations/{foreign.pk}/retrait/").status_code == 404
    assert client.post(f"/cabinet/invitations/{own.pk}/retrait/").status_code == 302
    assert list(Invitation.objects.all()) == [foreign]
