"""The connection by OAuth 2, over real HTTP: consent, code, tokens, renewal, reuse, revocation."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from dext_connector.models import DextAuthorization, DextConnection
from firms.models import Event
from tests.dext_connector.oauth import OAuthClient, register_dext, returned
from tests.factories.firms import CompanyFactory, MembershipFactory, member_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen():
    cache.clear()
    register_dext()
    return CompanyFactory(name="Boulangerie Martin")


@pytest.fixture
def client(live_server, chosen) -> Iterator[OAuthClient]:
    client = OAuthClient(live_server.url, member_of(chosen))
    yield client
    client.browser.close()


def tokens_of(client: OAuthClient, *companies) -> dict:
    answer = client.exchange(client.code(*companies))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_consent_reaches_the_chosen_companies_and_no_other_through_renewals(client, chosen):
    colleague = CompanyFactory(firm=chosen.firm)
    first = tokens_of(client, chosen)
    assert first["token_type"] == "Bearer"
    second = client.renew(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    later = CompanyFactory(firm=chosen.firm)
    token = second["access_token"]
    assert [row["id"] for row in client.get(token, "companies/").json()["items"]] == [str(chosen.pk)]
    assert client.get(token, f"companies/{chosen.pk}/accounts/").status_code == 200
    for other in (colleague, later):
        for path in ("", "accounts/", "settings/"):
            assert client.get(token, f"companies/{other.pk}/{path}").status_code == 404
    assert client.get(token, "account-settings/").status_code == 404
    me = client.get(token, "me/").json()
    assert me["all_companies"] is False
    assert me["connection_expires_at"] == DextConnection.objects.get().expires_at.isoformat()
    assert client.get(first["access_token"], "me/").status_code == 401
    assert [event.company for event in Event.objects.filter(kind="connection.opened")] == [chosen]
    assert (AccessToken.objects.get().token, set(RefreshToken.objects.values_list("token", flat=True))) == ("", {""})


def test_a_reused_refresh_token_revokes_its_family_and_no_other(client, chosen):
    first, other = tokens_of(client, chosen), tokens_of(client, chosen)
    second = client.renew(first["refresh_token"]).json()
    reused = client.renew(first["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert client.get(second["access_token"], "me/").status_code == 401
    assert client.renew(second["refresh_token"]).status_code == 400
    assert client.get(other["access_token"], "me/").status_code == 200


def test_a_refresh_token_used_twice_at_the_same_moment_gives_once_at_most(client, chosen):
    first = tokens_of(client, chosen)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(client.renew, [first["refresh_token"]] * 4))
    given = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(given) <= 1
    assert all(pair["access_token"] and pair["refresh_token"] for pair in given)
    assert Counter(answer.status_code for answer in answers)[400] == 4 - len(given)
    assert not AccessToken.objects.exists()


def test_a_code_serves_once_and_a_reused_one_revokes_what_it_gave(client, chosen):
    code = client.code(chosen)
    tokens = client.exchange(code).json()
    again = client.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert client.get(tokens["access_token"], "me/").status_code == 401
    assert client.renew(tokens["refresh_token"]).status_code == 400


def test_a_code_used_twice_at_the_same_moment_gives_once_at_most(client, chosen):
    code = client.code(chosen)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(client.exchange, [code] * 4))
    assert Counter(answer.status_code for answer in answers)[200] <= 1
    assert not AccessToken.objects.exists()


def test_a_code_is_worth_nothing_without_its_verifier_or_its_address(client, chosen):
    code = client.code(chosen)
    for wrong in ({"code_verifier": "x" * 64}, {"code_verifier": ""}, {"redirect_uri": "https://voleur.example/"}):
        assert client.exchange(code, **wrong).status_code == 400
    assert not AccessToken.objects.exists()
    assert client.exchange(code).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": "court"},
    ],
)
def test_only_pkce_by_s256_is_taken(client, chosen, changes):
    client.sign_in()
    answer = client.ask(**changes)
    assert answer.status_code == 302
    assert returned(answer) == returned(answer) | {"error": "invalid_request", "state": "etat-17"}
    assert not Grant.objects.exists()


def test_a_revoked_token_of_either_kind_takes_the_other_along(client, chosen):
    for kind in ("access_token", "refresh_token"):
        tokens = tokens_of(client, chosen)
        assert client.revoke(tokens[kind]).status_code == 200
        assert client.get(tokens["access_token"], "me/").status_code == 401
        assert client.renew(tokens["refresh_token"]).status_code == 400


def test_a_refusal_goes_back_to_dext_and_gives_nothing(client, chosen):
    client.sign_in()
    back = returned(client.decide("refuser", chosen))
    assert (back["error"], back["state"]) == ("access_denied", "etat-17")
    assert not DextAuthorization.objects.exists()


def test_an_unknown_client_or_address_is_a_page_and_never_a_redirect(client, chosen):
    client.sign_in()
    for changes in ({"client_id": "autre"}, {"redirect_uri": "https://voleur.example/"}, {"client_id": "nul\0"}):
        answer = client.ask(**changes)
        assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_a_company_where_one_only_reads_or_that_is_foreign_cannot_be_chosen(client, chosen):
    foreign = CompanyFactory()
    read_only = CompanyFactory()
    MembershipFactory(user=client.user, firm=read_only.firm, role="reader")
    client.sign_in()
    page = client.ask().text
    assert chosen.name in page
    assert str(read_only.pk) not in page
    for company in (foreign, read_only):
        answer = client.decide("autoriser", chosen, company)
        assert answer.status_code == 422
        assert "n’est plus ouvert à la publication" in answer.text
    assert client.decide("autoriser").status_code == 422
    assert not DextAuthorization.objects.exists()


def test_a_consent_is_asked_for_every_time_whatever_the_address_says(client, chosen):
    tokens_of(client, chosen)
    assert client.ask(approval_prompt="auto").status_code == 200
    assert client.ask(prompt="none").status_code in {200, 302}
    assert DextAuthorization.objects.count() == 1


def test_who_is_not_signed_in_comes_back_to_the_consent_after_the_login_page(client, chosen):
    answer = client.ask()
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion/?suite=/oauth/authorize/%3F")


def test_nul_and_broken_escapes_are_400_at_every_endpoint(client, chosen):
    client.sign_in()
    assert client.exchange("nul\0").status_code == 400
    assert client.renew("nul\0").status_code == 400
    assert client.revoke("nul\0").status_code == 400
    assert client.browser.get(f"{client.base}/oauth/authorize/?client_id=%zz", timeout=10).status_code == 400
