"""What every answer of the API bears, whatever became of the call, and how callers are held back."""

import pytest

from tests.dext_connector.conftest import BASE, HTTP
from tests.factories.firms import PASSWORD

BODY = {"content_type": "application/json"}


def answers(dext):
    """One answer of each kind, with its status."""
    yield dext.get("me/"), 200
    yield HTTP.get(f"{BASE}me/"), 401
    yield HTTP.get(f"{BASE}me/", headers={"Authorization": "Bearer nobody"}), 401
    yield HTTP.post(f"{BASE}login/", {"email": "a@b.test", "password": "x"}, **BODY), 401
    yield dext.get("companies/00000000-0000-7000-8000-000000000000/"), 404
    yield HTTP.get(f"{BASE}nothing/here"), 404
    yield dext.call("patch", "companies/"), 405
    yield dext.call("get", "companies/", headers={"Accept": "text/html"}), 406
    yield HTTP.get(f"{BASE}me/", headers={"Accept": "text/html"}), 401
    yield dext.call("post", "login/", "<a/>", content_type="text/xml"), 415
    yield dext.call("put", dext.on_company("settings/"), {}), 422
    yield dext.call("post", dext.on_company("publish/"), "[", content_type="application/json"), 400
    yield dext.call("get", "companies/", headers={"If-None-Match": "*"}), 304


def test_every_answer_bears_its_reference_and_the_callers_allowance_and_every_refusal_is_a_problem(dext):
    seen = set()
    for answer, status in answers(dext):
        assert answer.status_code == status
        seen.add(answer["X-Request-Id"])
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer.headers), status
        if status >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["request_id"] == answer["X-Request-Id"]
            assert answer.json()["status"] == status
            assert answer.json()["message"].endswith((".", "!"))
    assert len(seen) == len(list(answers(dext)))


def test_tokens_are_counted_apart_and_so_are_addresses_without_one(dext, settings):
    settings.DEXT_CALLS_PER_MINUTE = 1
    assert [dext.get("me/").status_code for _ in range(2)] == [200, 429]
    assert [HTTP.get(f"{BASE}me/").status_code for _ in range(2)] == [401, 429]
    elsewhere = HTTP.get(f"{BASE}me/", headers={"Authorization": "Bearer x"}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 401
    blocked = HTTP.get(f"{BASE}me/")
    assert (blocked.json()["code"], blocked.json()["retryable"]) == ("too_many_calls", True)
    assert 0 < int(blocked["Retry-After"]) <= 60


@pytest.mark.parametrize("address", ["10.0.0.1", "10.0.0.2"])
def test_failed_logins_close_the_address_that_they_come_from(company, dext, address):
    for n in range(10):
        HTTP.post(f"{BASE}login/", {"email": f"{n}@b.test", "password": "x"}, **BODY, REMOTE_ADDR=address)
    right = {"email": dext.user.email, "password": PASSWORD}
    blocked = HTTP.post(f"{BASE}login/", right, **BODY, REMOTE_ADDR=address)
    assert (blocked.status_code, blocked.json()["code"], blocked["Retry-After"]) == (429, "too_many_attempts", "900")
    assert HTTP.post(f"{BASE}login/", right, **BODY, REMOTE_ADDR="10.0.0.3").status_code == 200
