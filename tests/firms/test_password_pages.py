"""A password that was forgotten or is to change."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.factories.firms import PASSWORD, UserFactory
from tests.worker import run_waiting

pytestmark = pytest.mark.django_db
NEW = "une-autre-phrase-de-passe"


@pytest.fixture(autouse=True)
def _nothing_asked_yet():
    cache.clear()


@pytest.fixture(autouse=True)
def _nobody_else_mails(no_worker: None):
    """Each test runs what waits by itself, so that the mail comes to its own outbox."""


def link() -> str:
    run_waiting()
    (message,) = mail.outbox
    assert message.subject == "Votre mot de passe MEG"
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def choose(client: Client, path: str):
    path = client.get(path)["Location"]
    return client.post(path, {"new_password1": NEW, "new_password2": NEW})


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client):
    user = UserFactory()
    assert client.post("/mot-de-passe/oublie/", {"email": user.email})["Location"] == "/mot-de-passe/envoye/"
    assert choose(client, link())["Location"] == "/connexion/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "Votre mot de passe est enregistré." in client.get("/connexion/").content.decode()


def test_the_link_serves_once(client: Client):
    client.post("/mot-de-passe/oublie/", {"email": UserFactory().email})
    path = link()
    choose(client, path)
    assert "Ce lien n’est plus valable" in client.get(path).content.decode()


@pytest.mark.parametrize("email", ["inconnu@cabinet.test", "coupe@cabinet.test"])
def test_an_address_without_an_account_gets_the_same_page_and_no_mail(client: Client, email: str):
    UserFactory(email="coupe@cabinet.test", is_active=False)
    assert client.post("/mot-de-passe/oublie/", {"email": email})["Location"] == "/mot-de-passe/envoye/"
    assert mail.outbox == []
    assert run_waiting() == ["firms.tasks.send_password_link"]
    assert mail.outbox == []


def test_a_member_changes_his_password_and_stays_signed_in(client: Client):
    user = UserFactory()
    client.force_login(user)
    assert client.get("/mot-de-passe/").status_code == 200
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/mot-de-passe/", fields)["Location"] == "/preferences/"
    assert "Votre mot de passe est changé." in client.get("/preferences/").content.decode()


@pytest.mark.parametrize("path", ["/mot-de-passe/oublie/", "/mot-de-passe/envoye/", "/mot-de-passe/x/y/"])
def test_the_pages_of_a_forgotten_password_open_without_a_session(client: Client, path: str):
    assert client.get(path).status_code == 200


def test_changing_a_password_asks_for_a_session(client: Client):
    assert client.get("/mot-de-passe/")["Location"] == "/connexion/?suite=/mot-de-passe/"


def ask(client: Client, email: str, address: str):
    return client.post("/mot-de-passe/oublie/", {"email": email}, REMOTE_ADDR=address)


@pytest.mark.parametrize("email", ["membre@cabinet.test", "inconnu@cabinet.test"])
def test_three_mails_are_sent_to_an_account_in_a_quarter_of_an_hour_whether_it_exists_or_not(
    client: Client, email: str
):
    UserFactory(email="membre@cabinet.test")
    answers = [ask(client, email.upper(), f"192.0.2.{number}") for number in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert "Trop d’essais. Réessayez dans 15 minutes." in answers[-1].content.decode()
    assert len(run_waiting()) == 3
    assert len(mail.outbox) == (3 if email == "membre@cabinet.test" else 0)


def test_an_address_asks_ten_times_for_whatever_accounts(client: Client):
    answers = [ask(client, f"essai{number}@cabinet.test", "192.0.2.1") for number in range(11)]
    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
    assert ask(client, "essai11@cabinet.test", "192.0.2.2").status_code == 302
