"""Many items at once: each its own transaction, its own answer, its own fate."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from achats.models import PurchaseInvoice
from dext_connector.calls import parsers
from dext_connector.calls.idempotency import KEY_LOCK
from dext_connector.items import batching
from dext_connector.models import DextConnection, Fate, InboxItem, PublishBatch
from firms.models import Role
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import member_of

GOOD, OTHER, BAD = item(), item(external_id="RB-2", total="7.00"), item(external_id="RB-3", account="99999999")


def publish(dext, *items, key: str = "", query: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    return dext.call("post", dext.on_company(f"publish/batch/{query}"), {"items": list(items)}, headers=headers)


def statuses(answer) -> list[int]:
    assert answer.status_code == 207, answer.json()
    return [result["http_status"] for result in answer.json()["results"]]


def fates() -> list[tuple[str, str]]:
    return list(InboxItem.objects.order_by("id").values_list("external_id", "fate"))


def test_one_refused_item_does_not_stop_the_others(dext):
    answer = publish(dext, GOOD, BAD, OTHER)
    assert statuses(answer) == [201, 422, 201]
    first, second, third = answer.json()["results"]
    assert [first["external_id"], second["external_id"], third["external_id"]] == ["RB-88213", "RB-3", "RB-2"]
    assert first["result"] == dext.get(dext.on_company("items/RB-88213/")).json()
    assert second["problem"]["errors"][0]["pointer"] == "/account"
    assert fates() == [("RB-88213", Fate.CREATED), ("RB-3", Fate.REFUSED), ("RB-2", Fate.CREATED)]
    assert InboxItem.objects.get(external_id="RB-3").payload == BAD


def test_what_is_no_item_is_refused_in_its_place(dext):
    answer = publish(dext, 12, {}, GOOD, {"external_id": 5}, None)
    assert statuses(answer) == [400, 422, 201, 400, 400]
    assert [result["external_id"] for result in answer.json()["results"]] == [None, None, "RB-88213", None, None]
    assert InboxItem.objects.filter(fate=Fate.REFUSED).count() == 4


def test_the_same_id_twice_in_a_batch_is_once(dext):
    answer = publish(dext, GOOD, GOOD, GOOD | {"total": "5.00"})
    assert statuses(answer) == [201, 201, 409]
    first, second, third = answer.json()["results"]
    assert second["result"] == first["result"]
    assert third["problem"]["code"] == "already_published"
    assert third["problem"]["existing"]["id"] == first["result"]["id"]
    assert [fate for _, fate in fates()] == [Fate.CREATED, Fate.REPLAYED, Fate.REFUSED]
    assert PurchaseInvoice.objects.count() == 1


def test_an_item_that_was_published_alone_is_a_replay_in_a_batch(dext):
    alone = dext.publish(GOOD, key="k1").json()
    assert publish(dext, GOOD, key="k2").json()["results"][0]["result"] == alone
    assert PurchaseInvoice.objects.count() == 1


def test_the_same_key_answers_each_items_first_answer(dext):
    first = publish(dext, GOOD, BAD, GOOD, key="k1")
    dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Erreur"})
    again = publish(dext, GOOD, BAD, GOOD, key="k1")
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert PurchaseInvoice.objects.count() == 1
    assert [fate for _, fate in fates()][3:] == [Fate.REPLAYED] * 3


def test_a_batch_that_was_cut_off_goes_on_where_it_stopped(dext, monkeypatch):
    publish_item = batching.publish_item

    def die(*, sent, **told):
        if sent.external_id == "RB-2":
            raise SystemExit
        return publish_item(sent=sent, **told)

    monkeypatch.setattr(batching, "publish_item", die)
    with pytest.raises(SystemExit):
        publish(dext, GOOD, OTHER, BAD, key="k1")
    monkeypatch.undo()
    again = publish(dext, GOOD, OTHER, BAD, key="k1")
    assert statuses(again) == [201, 201, 422]
    assert "Idempotent-Replayed" not in again
    assert publish(dext, GOOD, OTHER, BAD, key="k1").json() == again.json()
    assert PurchaseInvoice.objects.count() == 2


def test_what_failed_by_our_fault_is_tried_again_under_the_same_key(dext, monkeypatch):
    publish_item = batching.publish_item

    def fail(*, sent, **told):
        if sent.external_id == "RB-2":
            raise RuntimeError("the disk is full")
        return publish_item(sent=sent, **told)

    monkeypatch.setattr(batching, "publish_item", fail)
    failed = publish(dext, GOOD, OTHER, key="k1")
    assert statuses(failed) == [201, 500]
    assert failed.json()["results"][1]["problem"]["retryable"] is True
    monkeypatch.undo()
    assert statuses(publish(dext, GOOD, OTHER, key="k1")) == [201, 201]
    assert [fate for _, fate in fates()] == [Fate.CREATED, Fate.FAILED, Fate.REPLAYED, Fate.CREATED]


def test_what_lacked_a_setting_is_tried_again_under_the_same_key(dext, company):
    settings, marker = company.integration_settings, company.integration_settings.vat_marker
    settings.vat_marker = None
    settings.save()
    assert statuses(publish(dext, GOOD, key="k1")) == [409]
    settings.vat_marker = marker
    settings.save()
    assert statuses(publish(dext, GOOD, key="k1")) == [201]


def test_a_key_with_another_batch_is_refused(dext):
    publish(dext, GOOD, key="k1")
    for answer in (publish(dext, GOOD, OTHER, key="k1"), dext.publish(GOOD, key="k1")):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    dext.publish(OTHER, key="k2")
    assert publish(dext, OTHER, key="k2").json()["code"] == "idempotency_key_reused"


def test_a_key_that_was_forgotten_serves_another_batch(dext):
    publish(dext, GOOD, key="k1")
    PublishBatch.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert statuses(publish(dext, OTHER, key="k1")) == [201]


@pytest.mark.django_db(transaction=True)
def test_a_batch_whose_key_still_runs_is_told_to_come_back(running_key):
    dext = running_key("k1")
    answer = publish(dext, GOOD, key="k1")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "still_running", "1")
    assert not PurchaseInvoice.objects.exists()


def test_a_batch_lets_its_key_go(dext):
    publish(dext, GOOD, key="k1")
    other = connection.copy()
    with other.cursor() as cursor:
        name = f"{KEY_LOCK} {dext.company.pk} k1"
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        assert cursor.fetchone() == (True,)
    other.close()


def test_a_dry_run_of_a_batch_checks_all_and_stores_nothing(dext):
    answer = publish(dext, GOOD, BAD, key="k1", query="?dry_run=true")
    assert statuses(answer) == [200, 422]
    assert answer.json()["results"][0]["result"]["id"] is None
    assert not PurchaseInvoice.objects.exists()
    assert not InboxItem.objects.exists()
    assert not PublishBatch.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": []}, 422, "required"),
        ({}, 422, "required"),
        ({"items": [GOOD] * 101}, 422, "too_many"),
        ({"items": GOOD}, 400, "wrong_type"),
    ],
)
def test_a_batch_holds_one_to_a_hundred_items(dext, body, status, code):
    answer = dext.call("post", dext.on_company("publish/batch/"), body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert answer.json()["errors"][0]["pointer"] == "/items"
    reception = InboxItem.objects.get()
    assert (reception.fate, reception.payload) == (Fate.REFUSED, body)


def test_a_hundred_items_are_published(dext):
    items = [item(external_id=f"RB-{number}", total=f"{number}.00", vat_amount=None) for number in range(100)]
    assert statuses(publish(dext, *items)) == [201] * 100
    assert PurchaseInvoice.objects.count() == 100


def test_an_item_of_a_batch_is_held_to_one_mebibyte_and_the_batch_to_ten(dext):
    answer = publish(dext, GOOD, OTHER | {"extra": "x" * parsers.MAX_JSON_BYTES})
    assert statuses(answer) == [201, 413]
    body = json.dumps({"items": [GOOD], "extra": "x" * parsers.MAX_BATCH_BYTES})
    answer = dext.call("post", dext.on_company("publish/batch/"), body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "10 Mio" in answer.json()["message"]


def test_a_batch_is_json(dext):
    answer = dext.call("post", dext.on_company("publish/batch/"), "items=1", content_type="text/plain")
    assert answer.status_code == 415


def test_a_batch_on_a_connection_that_ended_is_refused_whole(dext):
    publish(dext, GOOD)
    DextConnection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = publish(dext, OTHER)
    assert (answer.status_code, answer.json()["code"]) == (401, "connection_ended")
    assert InboxItem.objects.latest("id").payload == {"items": [OTHER]}


def test_a_reader_may_not_publish_a_batch(company):
    assert publish(calling(member_of(company, Role.READER), company), GOOD).status_code == 403
    assert not PurchaseInvoice.objects.exists()


def test_an_item_leaves_nothing_of_itself_when_it_is_refused(dext):
    publish(dext, BAD | {"supplier": {"name": "Jamais vu"}})
    assert not dext.company.suppliers.exists()
