"""Returns of MEG: verified, each once, and the inbox says what became of its items."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from achats.changing.cancelling import cancel_invoice
from achats.models import PurchaseInvoice
from dext_connector.models import Webhook
from dext_connector.signing import sign
from dext_connector.simulator import account, publishing
from dext_connector.simulator.inbox import row_of
from dext_connector.simulator.returns import catch_up, poll, receive, register
from dext_connector.simulator.signature import BadSignature, check_signature
from dext_connector.simulator.state import store
from dext_connector.webhooks.delivering import visit_webhook
from firms.feed import place_events
from tests.dext_connector.conftest import item
from tests.factories.firms import PASSWORD

STARBUCKS = "RB-88213"
SECRET, BODY, AT = "mwh_x", b'{"kind": "webhook.test"}', datetime(2026, 3, 1, 8, tzinfo=UTC)


def header(*, body: bytes = BODY, secret: str = SECRET, after: int = 0) -> str:
    moment = int(AT.timestamp()) + after
    return f"t={moment},v1={sign(secret, body=body, moment=moment)}"


def test_a_signature_of_meg_is_taken_for_five_minutes():
    check_signature(SECRET, header(), BODY, at=AT)
    check_signature(SECRET, header(), BODY, at=AT + timedelta(minutes=4))
    two = header() + ",v1=" + "0" * 64
    check_signature(SECRET, two, BODY, at=AT)
    for minutes in (-6, 6):
        with pytest.raises(BadSignature, match="cinq minutes"):
            check_signature(SECRET, header(), BODY, at=AT + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "told", ["", "t=,v1=", "v1=abc", "t=1x,v1=é", "t=1,t=2,v1=a", header(secret="other"), header(body=b"{}")]
)
def test_what_meg_did_not_sign_is_refused(told):
    with pytest.raises(BadSignature):
        check_signature(SECRET, told, BODY, at=AT)


@pytest.fixture
def registered(connected):
    place_events()
    register(f"{connected.url}/simulateur/retours/")
    return connected


def deliver() -> None:
    """What a worker would send now."""
    place_events()
    while visit_webhook(webhook_id=Webhook.objects.get().pk, chance=lambda: 0.0):
        pass


def kinds() -> list[str]:
    return [event["kind"] for event in store().read()["returns"]]


def row():
    state = store().read()
    return row_of(publishing.entry_of(state, STARBUCKS), state["lists"]["accounts"])


def test_what_becomes_of_an_item_arrives_by_itself(registered):
    publishing.publish(STARBUCKS)
    deliver()
    assert "purchase.received" in kinds()
    invoice = PurchaseInvoice.objects.get()
    cancel_invoice(invoice=invoice, by=invoice.created_by, reason="essai", at=timezone.now())
    deliver()
    assert kinds()[0] == "purchase.cancelled"
    assert row().status == "Prêt"
    catch_up()
    assert row().status == "Annulée"
    assert not any(entry.get("is_stale") for entry in store().read()["items"])


def test_an_event_that_comes_twice_or_by_both_ways_is_kept_once(registered):
    publishing.publish(STARBUCKS)
    deliver()
    seen = store().read()["returns"]
    body = json.dumps(seen[0]).encode()
    secret = store().read()["webhook"]["secret"]
    headers = {"MEG-Event-Id": seen[0]["id"], "MEG-Signature": header(body=body, secret=secret)}
    assert receive(headers, body, at=AT) == 200
    poll(at=AT)
    ids = [event["id"] for event in store().read()["returns"]]
    assert len(ids) == len(set(ids)) >= len(seen)
    assert poll(at=AT) == []


def test_a_call_that_is_not_megs_changes_nothing(registered):
    assert receive({"MEG-Event-Id": "x", "MEG-Signature": "t=1,v1=0"}, b"{}", at=AT) == 401
    state = store().read()
    assert (state["returns"], state["refused_returns"][0]["why"]) == ([], "signature fausse")


@pytest.mark.parametrize("body", [b"[]", b"{", b"{}", b"1", b'{"kind": "x", "company_id": []}'])
def test_a_signed_call_that_says_nothing_is_refused(registered, body):
    secret = store().read()["webhook"]["secret"]
    headers = {"MEG-Event-Id": "x", "MEG-Signature": header(body=body, secret=secret)}
    assert receive(headers, body, at=AT) == 400
    assert store().read()["returns"] == []


def test_nobody_is_answered_where_no_return_is_waited_for():
    assert receive({}, b"{}", at=AT) == 404


def test_a_lost_secret_is_renewed(registered):
    with store().change() as state:
        first, state["webhook"] = state["webhook"], None
    register(first["url"])
    assert Webhook.objects.count() == 1
    assert store().read()["webhook"]["secret"] != first["secret"]


def test_a_changed_list_is_loaded_again(registered, company):
    company.accounts.filter(code="60630000").update(label="Autre nom")
    with store().change() as state:
        state["are_lists_stale"] = True
    catch_up()
    assert "Autre nom" in {account["label"] for account in store().read()["lists"]["accounts"]}


def test_what_happened_before_the_connection_is_not_read(meg, dext):
    dext.publish(item())
    account.connect(base_url=meg.url, email=meg.email, password=PASSWORD)
    assert poll(at=AT) == []
