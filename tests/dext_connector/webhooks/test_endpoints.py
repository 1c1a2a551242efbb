"""`webhooks/`: registering, testing, renewing, deleting."""

import pytest
from django.db import IntegrityError

from dext_connector.models import PublicKind, Webhook, WebhookDelivery
from firms.events import record_event
from tests.dext_connector.conftest import calling
from tests.factories.firms import member_of

URL = "https://hooks.dext.example/meg"


def register(dext, url: str = URL, **fields):
    return dext.call("post", "webhooks/", {"url": url, **fields})


def test_a_webhook_is_registered_and_its_secret_told_once(dext):
    answer = register(dext)
    assert answer.status_code == 201
    body = answer.json()
    secret = body.pop("secret")
    assert secret.startswith("mwh_")
    assert body["kinds"] == PublicKind.values
    assert body["active"] is True
    assert dext.get(f"webhooks/{body['id']}/").json() == body
    assert dext.get("webhooks/").json() == {"items": [body], "next_cursor": None}
    assert answer["Location"].endswith(f"/webhooks/{body['id']}/")


def test_no_secret_is_kept_in_the_database(dext):
    secret = register(dext).json()["secret"]
    row = Webhook.objects.values().get()
    assert secret not in str(row)
    assert secret.removeprefix("mwh_") not in str(row)


def test_each_webhook_has_its_own_secret_and_another_once_it_is_renewed(dext):
    first, second = register(dext).json(), register(dext, f"{URL}/2").json()
    renewed = dext.call("post", f"webhooks/{first['id']}/secret/").json()
    assert len({first["secret"], second["secret"], renewed["secret"]}) == 3


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"url": None}, "/url", "required"),
        ({"url": "http://hooks.dext.example/"}, "/url", "address_refused"),
        ({"url": "https://10.0.0.1/"}, "/url", "address_refused"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "/url", "address_refused"),
        ({"url": "https://user:word@hooks.dext.example/"}, "/url", "address_refused"),
        ({"url": URL, "kinds": ["purchase.eaten"]}, "/kinds", "invalid"),
    ],
)
def test_what_cannot_be_is_refused_in_words(dext, fields, pointer, code):
    answer = dext.call("post", "webhooks/", fields)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


@pytest.mark.parametrize("fields", [{"url": 3}, {"url": URL, "kinds": "all"}, {"url": URL, "kinds": [3]}])
def test_a_wrong_type_is_malformed(dext, fields):
    assert dext.call("post", "webhooks/", fields).status_code == 400


def test_the_same_address_twice_is_refused_and_so_is_the_21st(dext):
    register(dext)
    again = register(dext)
    assert (again.status_code, again.json()["code"]) == (409, "webhook_exists")
    for number in range(19):
        assert register(dext, f"{URL}/{number}").status_code == 201
    more = register(dext, f"{URL}/more")
    assert (more.status_code, more.json()["code"]) == (409, "too_many_webhooks")
    assert Webhook.objects.count() == 20


def test_the_database_refuses_a_webhook_that_listens_to_nothing(dext):
    register(dext)
    with pytest.raises(IntegrityError, match="webhook_has_kinds"):
        Webhook.objects.update(kinds=[])


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("delete", ""), ("post", "test/"), ("post", "secret/"), ("get", "deliveries/")],
)
def test_another_users_webhook_does_not_exist(dext, company, method, path):
    webhook = register(dext).json()
    colleague = calling(member_of(company), company)
    assert colleague.call(method, f"webhooks/{webhook['id']}/{path}").status_code == 404
    assert colleague.call(method, f"webhooks/x/{path}").status_code == 404
    assert colleague.get("webhooks/").json()["items"] == []
    assert Webhook.objects.count() == 1


def test_a_token_without_the_scope_reads_and_registers_nothing(dext):
    webhook = register(dext).json()
    user = dext.user
    for token in user.oauth2_provider_accesstoken.all():
        token.scope = "reference:read"
        token.save()
    assert dext.get("webhooks/").status_code == 200
    for method, path in (("post", ""), ("delete", f"{webhook['id']}/"), ("post", f"{webhook['id']}/test/")):
        answer = dext.call(method, f"webhooks/{path}", {"url": URL} if method == "post" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_deleted_webhook_is_gone_with_its_deliveries(dext):
    webhook = register(dext).json()
    dext.call("post", f"webhooks/{webhook['id']}/test/")
    assert dext.call("delete", f"webhooks/{webhook['id']}/").status_code == 204
    assert (Webhook.objects.count(), WebhookDelivery.objects.count()) == (0, 0)


def test_a_test_is_a_delivery_that_waits_and_calls_nobody_in_the_request(dext):
    webhook = register(dext).json()
    answer = dext.call("post", f"webhooks/{webhook['id']}/test/")
    assert answer.status_code == 202
    assert answer.json()["kind"] == "webhook.test"
    again = dext.call("post", f"webhooks/{webhook['id']}/test/")
    assert again.json() == answer.json()
    assert dext.get(f"webhooks/{webhook['id']}/deliveries/").json()["items"] == [answer.json()]


def test_a_webhook_is_told_of_nothing_that_happened_before_it(dext, company):
    record_event(company=company, kind="purchase.posted", subject_id=company.pk)
    dext.get("events/")
    register(dext)
    dext.get("events/")
    assert Webhook.objects.get().position > 0
