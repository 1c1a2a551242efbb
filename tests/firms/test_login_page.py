"""The login page and what leads to it."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.firms import PASSWORD, CompanyFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def sign_in(client: Client, suite: str = "", password: str = PASSWORD):
    return client.post("/connexion/", {"email": "membre@cabinet.test", "password": password, "suite": suite})


def test_a_person_signs_in_and_comes_where_he_wanted_to_go(client: Client):
    UserFactory(email="membre@cabinet.test")
    assert client.get("/dossiers/")["Location"] == "/connexion/?suite=/dossiers/"
    page = client.get("/connexion/?suite=/dossiers/")
    assert '<input type="hidden" name="suite" value="/dossiers/">' in page.content.decode()
    assert sign_in(client, "/dossiers/")["Location"] == "/dossiers/"


@pytest.mark.parametrize("suite", ["https://ailleurs.test/", "//ailleurs.test/", "javascript:alert(1)"])
def test_the_login_page_never_leads_out_of_meg(client: Client, suite: str):
    UserFactory(email="membre@cabinet.test")
    assert sign_in(client, suite)["Location"] == "/"


def test_a_refusal_keeps_the_address_and_says_the_same_words(client: Client):
    page = sign_in(client, password="faux").content.decode()
    assert "Adresse ou mot de passe incorrect." in page
    assert 'value="membre@cabinet.test"' in page
    assert PASSWORD not in page


def test_too_many_attempts_are_said_on_the_page(client: Client):
    for _ in range(10):
        sign_in(client, password="faux")
    answer = sign_in(client, password="faux")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Trop d’essais. Réessayez dans 15 minutes." in answer.content.decode()


def test_the_demonstration_logins_are_shown_in_the_demonstration_only(client: Client, monkeypatch):
    from firms.views.signing_in import SignInView

    for demo in (True, False):
        monkeypatch.setattr(SignInView, "extra_context", {"demo": demo})
        assert ("comptable@demo.test" in client.get("/connexion/").content.decode()) is demo


def test_who_is_signed_in_does_not_see_the_login_page(client: Client):
    client.force_login(UserFactory())
    assert client.get("/connexion/?suite=/connexion/")["Location"] == "/"


def test_signing_out_ends_the_session_and_needs_a_post(client: Client):
    client.force_login(UserFactory())
    assert client.get("/deconnexion/").status_code == 405
    assert client.post("/deconnexion/")["Location"] == "/connexion/"
    assert client.get("/dossiers/").status_code == 302


def test_the_login_page_asks_the_database_nothing(client: Client, django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        client.get("/connexion/")


def test_an_htmx_request_after_the_session_ended_gets_the_dialog(client: Client):
    company = CompanyFactory()
    answer = client.get(f"/dossiers/{company.pk}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (401, "#reconnexion", "innerHTML")
    page = answer.content.decode()
    assert 'name="csrfmiddlewaretoken"' in page
    assert 'action="/connexion/"' in page


def test_an_htmx_request_within_the_session_is_left_alone(client: Client):
    company = CompanyFactory()
    client.force_login(member_of(company))
    assert client.get(f"/dossiers/{company.pk}/", headers={"HX-Request": "true"}).status_code == 200
