"""Deliveries to a real receiver on the loopback; the clock enters."""

import json
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from dext_connector.models import Webhook, WebhookDelivery
from dext_connector.signing import sign
from dext_connector.webhooks.delivering import forget_deliveries, visit_webhook
from dext_connector.webhooks.planning import webhooks_with_news
from firms.events import record_event
from firms.feed import place_events
from firms.models import Company, Event
from tests.dext_connector.conftest import calling, item
from tests.factories.firms import CompanyFactory, member_of
from tests.receiver import Received, receiving


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def after(self, **span: float) -> "Clock":
        self.now += timedelta(**span)
        return self


@pytest.fixture
def clock() -> Clock:
    return Clock()


def register(dext, url: str, **fields) -> dict:
    place_events()
    return dext.call("post", "webhooks/", {"url": url, **fields}).json()


def happen(company: Company, kind: str = "purchase.posted") -> Event:
    return record_event(company=company, kind=kind, subject_id=company.pk)


def visit(webhook: dict, clock: Clock) -> bool:
    return visit_webhook(webhook_id=Webhook.objects.get(pk=webhook["id"]).pk, clock=clock, chance=lambda: 0.0)


def has_news(webhook: dict, clock: Clock) -> bool:
    return webhook["id"] in {str(pk) for pk in webhooks_with_news(at=clock())}


def told(calls: list[Received]) -> list[str]:
    return [call.headers["MEG-Event-Id"] for call in calls]


def is_signed(call: Received, secret: str) -> bool:
    parts = [part.split("=", 1) for part in call.headers["MEG-Signature"].split(",")]
    (moment,) = [value for name, value in parts if name == "t"]
    return sign(secret, body=call.body, moment=int(moment)) in [value for name, value in parts if name == "v1"]


def test_a_published_item_is_told_signed_with_ids_only(dext, company, receiver, clock):
    webhook = register(dext, f"{receiver.url}/meg")
    created = dext.publish(item()).json()
    visit(webhook, clock)
    call = next(call for call in receiver.calls if json.loads(call.body)["kind"] == "purchase.received")
    body = json.loads(call.body)
    assert (call.path, call.headers["MEG-Event-Id"]) == ("/meg", body["id"])
    assert (body["subject_id"], body["external_id"], body["company_id"]) == (
        created["id"], "RB-88213", str(company.pk)
    )  # fmt: skip
    assert b"Starbucks" not in call.body
    assert is_signed(call, webhook["secret"])
    assert not is_signed(call, "mwh_another")


def test_events_are_told_once_and_in_order(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    events = [str(happen(company).pk) for _ in range(7)]
    assert has_news(webhook, clock)
    visit(webhook, clock)
    visit(webhook, clock)
    assert told(receiver.calls) == events
    assert not has_news(webhook, clock)
    deliveries = dext.get(f"webhooks/{webhook['id']}/deliveries/").json()["items"]
    assert [(row["event_id"], row["state"], row["last_status"]) for row in deliveries] == [
        (event, "delivered", 200) for event in events
    ]


def test_only_the_kinds_that_were_asked_for_are_told(dext, company, receiver, clock):
    webhook = register(dext, receiver.url, kinds=["purchase.settled", "reference.changed"])
    happen(company)
    wanted = [str(happen(company, "reference.changed").pk), str(happen(company, "purchase.settled").pk)]
    visit(webhook, clock)
    assert told(receiver.calls) == wanted


def test_companies_that_its_user_may_not_see_are_never_told_of(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    happen(CompanyFactory())
    visit(webhook, clock)
    assert receiver.calls == []


def test_what_its_user_may_see_no_more_is_dropped_unsent(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    happen(company)
    receiver.says(500)
    visit(webhook, clock)
    dext.user.memberships.update(is_active=False)
    receiver.says(200)
    visit(webhook, clock.after(minutes=1))
    assert len(receiver.calls) == 1
    assert not WebhookDelivery.objects.exists()


def test_a_receiver_that_was_down_is_told_later_and_nothing_overtakes(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    events = [str(happen(company).pk) for _ in range(3)]
    receiver.says(503)
    visit(webhook, clock)
    visit(webhook, clock.after(seconds=29))
    assert told(receiver.calls) == events[:1]
    assert not has_news(webhook, clock)
    first = WebhookDelivery.objects.get(event_id=events[0])
    assert (first.state, first.attempts, first.last_status, first.error) == (
        "waiting", 1, 503, "le serveur a répondu 503"
    )  # fmt: skip
    receiver.says(204)
    clock.after(seconds=2)
    assert has_news(webhook, clock)
    visit(webhook, clock)
    assert told(receiver.calls) == [events[0], *events]
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 500])
def test_only_2xx_is_an_arrival(dext, company, receiver, clock, status):
    webhook = register(dext, receiver.url)
    happen(company)
    receiver.says(status, Location=receiver.url)
    visit(webhook, clock)
    assert (WebhookDelivery.objects.get().state, len(receiver.calls)) == ("waiting", 1)


def fail_for_a_day(webhook: dict, receiver, clock: Clock) -> None:
    receiver.says(500)
    for _ in range(13):
        visit(webhook, clock)
        clock.after(hours=4)


def test_after_a_day_of_failures_the_webhook_is_disabled_with_an_alert(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    happen(company)
    fail_for_a_day(webhook, receiver, clock)
    answer = dext.get(f"webhooks/{webhook['id']}/").json()
    assert (answer["active"], answer["disabled_because"]) == (False, "le serveur a répondu 500")
    alert = Event.objects.get(kind="webhook.disabled")
    assert (alert.company, str(alert.subject_id)) == (company, webhook["id"])
    calls = len(receiver.calls)
    happen(company)
    assert not has_news(webhook, clock)
    visit(webhook, clock)
    assert len(receiver.calls) == calls


def test_a_test_that_arrives_enables_it_again_and_what_waited_goes_out(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    events = [str(happen(company).pk)]
    fail_for_a_day(webhook, receiver, clock)
    events.append(str(happen(company).pk))
    dext.call("post", f"webhooks/{webhook['id']}/test/")
    visit(webhook, clock)
    assert dext.get(f"webhooks/{webhook['id']}/").json()["active"] is False
    assert WebhookDelivery.objects.get(event=None).state == "failed"
    receiver.says(200)
    receiver.calls.clear()
    dext.call("post", f"webhooks/{webhook['id']}/test/")
    assert has_news(webhook, clock)
    visit(webhook, clock)
    assert dext.get(f"webhooks/{webhook['id']}/").json()["active"] is True
    assert json.loads(receiver.calls[0].body)["kind"] == "webhook.test"
    assert told(receiver.calls[1:]) == events


def test_a_renewed_secret_signs_beside_the_old_one_for_a_day(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    renewed = dext.call("post", f"webhooks/{webhook['id']}/secret/").json()["secret"]
    happen(company)
    visit(webhook, clock)
    assert is_signed(receiver.calls[0], renewed)
    assert is_signed(receiver.calls[0], webhook["secret"])
    happen(company)
    visit(webhook, clock.after(hours=25))
    assert is_signed(receiver.calls[1], renewed)
    assert not is_signed(receiver.calls[1], webhook["secret"])


def test_an_address_that_leads_inside_is_not_called(dext, company, receiver, clock, settings):
    webhook = register(dext, receiver.url)
    happen(company)
    settings.OUTBOUND_ALLOW_LOOPBACK = False
    visit(webhook, clock)
    assert receiver.calls == []
    assert WebhookDelivery.objects.get().error == "l’adresse doit commencer par https://"


def test_a_webhook_that_was_deleted_meanwhile_is_visited_in_vain(dext, company, receiver, clock):
    register(dext, receiver.url)
    happen(company)
    pk = Webhook.objects.get().pk
    Webhook.objects.all().delete()
    assert visit_webhook(webhook_id=pk, clock=clock) is False
    assert receiver.calls == []


def test_deliveries_are_kept_for_30_days_and_events_for_ever(dext, company, receiver, clock):
    webhook = register(dext, receiver.url)
    happen(company)
    visit(webhook, clock)
    assert forget_deliveries(at=clock.after(days=29).now) == 0
    assert forget_deliveries(at=clock.after(days=2).now) == 1
    assert Event.objects.filter(kind="purchase.posted").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_nothing_twice(receiver):
    company = CompanyFactory()
    dext = calling(member_of(company), company)
    webhook = register(dext, receiver.url)
    events = [str(happen(company).pk) for _ in range(8)]
    begun = Barrier(3)

    def work() -> None:
        try:
            begun.wait()
            visit(webhook, Clock())
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told(receiver.calls) == events
