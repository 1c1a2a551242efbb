"""Twice is once: by key, by external id, one after the other and at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from achats.models import PurchaseInvoice
from dext_connector.models import Fate, InboxItem
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of


def fates() -> list[str]:
    return list(InboxItem.objects.order_by("id").values_list("fate", flat=True))


def test_a_replay_answers_what_the_first_call_answered(dext):
    first, second = dext.publish(item(), key="k1"), dext.publish(item(), key="k1")
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert PurchaseInvoice.objects.count() == 1
    assert fates() == [Fate.CREATED, Fate.REPLAYED]


def test_a_refusal_is_replayed_too(dext):
    first, second = dext.publish(item(account="99999999"), key="k1"), dext.publish(item(account="99999999"), key="k1")
    assert first.status_code == 422
    assert (second.status_code, second.json()) == (422, first.json())
    assert second["Idempotent-Replayed"] == "true"
    assert second["Content-Type"] == first["Content-Type"] == "application/problem+json"
    assert fates() == [Fate.REFUSED, Fate.REPLAYED]


def test_a_key_with_another_body_is_refused(dext):
    dext.publish(item(), key="k1")
    answer = dext.publish(item(total="5.00"), key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert fates() == [Fate.CREATED, Fate.REFUSED]


def test_a_key_is_forgotten_after_30_days(dext):
    dext.publish(item(account="99999999"), key="k1")
    InboxItem.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert dext.publish(item(), key="k1").status_code == 201


def test_a_key_belongs_to_its_company(dext):
    other = CompanyFactory(firm=dext.company.firm)
    dext.publish(item(), key="k1")
    assert calling(dext.user, other).publish(item(), key="k1").status_code == 201
    assert PurchaseInvoice.objects.count() == 2


def test_without_a_key_the_same_external_id_and_body_is_a_replay(dext):
    first = dext.publish(item())
    second = dext.publish(dict(reversed(item().items())))
    assert (second.status_code, second.json()) == (201, first.json())
    assert PurchaseInvoice.objects.count() == 1


@pytest.mark.parametrize(("fields", "key"), [({"total": "5.00"}, ""), ({}, "k2")])
def test_another_body_or_a_new_key_is_already_published(dext, fields, key):
    first = dext.publish(item(), key="k1").json()
    answer = dext.publish(item(**fields), key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_published")
    assert answer.json()["existing"] == {"id": first["id"], "status": "ready", "web_url": first["web_url"]}
    assert fates() == [Fate.CREATED, Fate.REFUSED]


def test_after_a_cancellation_the_id_is_published_again_as_the_next_generation(dext):
    dext.publish(item())
    cancelled = dext.call("post", dext.on_company("items/RB-88213/cancellation/"), {"reason": "Publiée par erreur"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert dext.publish(item()).status_code == 201
    assert list(PurchaseInvoice.objects.order_by("id").values_list("status", "generation")) == [
        ("cancelled", 1),
        ("ready", 2),
    ]


@pytest.mark.parametrize("key", ["é", "k" * 129, "a\tb"])
def test_a_key_that_cannot_be_is_refused(dext, key):
    answer = dext.publish(item(), key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_idempotency_key")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["", "k1"])
def test_eight_at_once_leave_one_purchase_and_one_fate_each(key):
    company = CompanyFactory()
    dext = calling(member_of(company), company)

    def publish(_: int) -> int:
        try:
            return replace(dext, client=Client()).publish(item(), key=key).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(publish, range(8)))
    assert set(statuses) <= {201, 409}
    assert PurchaseInvoice.objects.count() == 1
    assert fates().count(Fate.CREATED) == 1
    assert len(fates()) == 8
    assert set(fates()) <= {Fate.CREATED, Fate.REPLAYED, Fate.REFUSED}


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_still_running_is_told_to_come_back():
    company = CompanyFactory()
    dext = calling(member_of(company), company)
    name = f"dext_connector.key {company.pk} k1"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(lambda: (dext.publish(item(), key="k1"), connections.close_all())[0]).result()
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "still_running", "1")
    assert answer.json()["retryable"] is True
    assert dext.publish(item(), key="k1").status_code == 201
