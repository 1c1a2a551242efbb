"""« Connecter les comptes MEG et Dext »."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from dext_connector.models import DextConnection
from dext_connector.tasks import forget_expired_tokens
from firms.models import Role
from tests.dext_connector.conftest import BASE, HTTP, calling, item
from tests.factories.firms import PASSWORD, CompanyFactory, MembershipFactory, member_of


def log_in(body: dict, **extra):
    return HTTP.post(f"{BASE}login/", body, content_type="application/json", **extra)


def test_credentials_become_tokens_that_are_stored_hashed(company):
    user = member_of(company)
    answer = log_in({"email": user.email.upper(), "password": PASSWORD})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["firms"] == [{"code": company.firm.code, "name": company.firm.name}]
    assert [row["id"] for row in body["companies"]] == [str(company.pk)]
    assert body["companies"][0]["connected"] is True
    for row in (AccessToken.objects.get(), RefreshToken.objects.get()):
        assert row.token == ""
    me = HTTP.get(f"{BASE}me/", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json()["email"] == user.email
    assert me.json()["connection_expires_at"] == body["connection_expires_at"]


def test_the_same_words_whether_the_account_exists_or_not(company):
    known = log_in({"email": member_of(company).email, "password": "wrong"})
    unknown = log_in({"email": "nobody@cabinet.test", "password": "wrong"})
    assert known.status_code == unknown.status_code == 401
    assert known.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
    assert known.json()["code"] == "invalid_credentials"


def test_repeated_failures_close_the_door_for_a_while(company):
    user = member_of(company)
    answers = [log_in({"email": user.email, "password": "wrong"}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert log_in({"email": user.email, "password": PASSWORD}).status_code == 429


def test_a_login_says_what_it_lacks_and_repeats_no_password(db):
    answer = log_in({"email": 3, "password": ["secret-word"]})
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {"/email", "/password"}
    assert "secret-word" not in answer.content.decode()


def test_a_login_may_be_kept_to_one_firm(company):
    user = member_of(company)
    other = CompanyFactory()
    MembershipFactory(user=user, firm=other.firm)
    answer = log_in({"email": user.email, "password": PASSWORD, "firm": other.firm.code}).json()
    assert [row["id"] for row in answer["companies"]] == [str(other.pk)]
    assert DextConnection.objects.get().company == other
    assert log_in({"email": user.email, "password": PASSWORD, "firm": "NONE"}).status_code == 422


def test_a_login_opens_again_what_had_ended(dext, company):
    dext.publish(item())
    assert dext.call("delete", dext.on_company("connection/")).status_code == 204
    assert dext.publish(item(external_id="RB-2")).json()["code"] == "connection_ended"
    log_in({"email": dext.user.email, "password": PASSWORD})
    assert dext.publish(item(external_id="RB-2")).status_code == 201


def test_a_reader_logs_in_but_connects_nothing(company):
    answer = log_in({"email": member_of(company, Role.READER).email, "password": PASSWORD})
    assert answer.status_code == 200
    assert not DextConnection.objects.exists()


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}]
)
def test_a_call_without_a_good_token_is_401(company, headers):
    answer = HTTP.get(f"{BASE}companies/", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["X-Request-Id"] == answer.json()["request_id"]


def test_a_token_that_ended_was_revoked_or_whose_user_left_is_401(company):
    dext = calling(member_of(company), company)
    assert dext.get("companies/").status_code == 200
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert dext.get("companies/").status_code == 401
    dext = calling(member_of(company), company)
    dext.user.is_active = False
    dext.user.save()
    assert dext.get("companies/").status_code == 401


def test_a_token_in_the_address_is_not_looked_at(dext):
    assert HTTP.get(f"{BASE}companies/?access_token={dext.token}").status_code == 401


def test_a_token_reaches_no_further_than_its_scopes(dext):
    AccessToken.objects.update(scope="reference:read")
    assert dext.get("companies/").status_code == 200
    answer = dext.publish(item())
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_refreshing_rotates_and_a_reused_token_revokes_its_family(company):
    first = log_in({"email": member_of(company).email, "password": PASSWORD}).json()

    def refresh(token: str):
        body = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "dext"}
        return HTTP.post("/oauth/token/", body)

    second = refresh(first["refresh_token"])
    assert second.status_code == 200, second.content
    me = {"headers": {"Authorization": f"Bearer {second.json()['access_token']}"}}
    assert HTTP.get(f"{BASE}me/", **me).status_code == 200
    assert refresh(first["refresh_token"]).status_code == 400
    assert HTTP.get(f"{BASE}me/", **me).status_code == 401
    assert refresh(second.json()["refresh_token"]).status_code == 400


def test_a_token_is_revoked(company):
    first = log_in({"email": member_of(company).email, "password": PASSWORD}).json()
    HTTP.post("/oauth/revoke_token/", {"token": first["access_token"], "client_id": "dext"})
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    assert HTTP.get(f"{BASE}me/", headers=headers).status_code == 401


def test_tokens_that_ended_are_dropped(company):
    calling(member_of(company), company)
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=364))
    forget_expired_tokens()
    assert RefreshToken.objects.exists()
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=366))
    forget_expired_tokens()
    assert not RefreshToken.objects.exists()
    assert not AccessToken.objects.exists()
