"""What the worker calls out to, by itself: a real worker, a real receiver, and a worker that is killed."""

import json
import time
from threading import Event

import pytest

from dext_connector.models import DocumentFetch, Webhook, WebhookDelivery
from dext_connector.tasks import sweep_document_fetches, sweep_webhooks
from firms.feed import place_events
from meg.embedded.processes import wait_until
from tests.dext_connector.conftest import calling, item
from tests.dext_connector.webhooks.test_delivering import is_signed
from tests.factories.achats import pdf
from tests.factories.firms import CompanyFactory, member_of
from tests.receiver import receiving
from tests.worker import forget_messages

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def dext(celery_worker_process):
    company = CompanyFactory()
    place_events()
    return calling(member_of(company), company)


def register(dext, url: str) -> dict:
    return dext.call("post", "webhooks/", {"url": url, "kinds": ["purchase.received"]}).json()


def arrives(receiver, number: int = 1) -> bool:
    return wait_until(lambda: len(receiver.calls) >= number, seconds=PATIENCE)


def is_delivered(number: int = 1) -> bool:
    rows = WebhookDelivery.objects.filter(state="delivered")
    return wait_until(lambda: rows.count() == number, seconds=PATIENCE)


def test_a_published_item_is_told_by_the_worker_and_its_document_fetched(dext, receiver):
    receiver.says(200, pdf())
    webhook = register(dext, f"{receiver.url}/meg")
    created = dext.publish(item(document_url=f"{receiver.url}/ticket.pdf")).json()
    assert is_delivered()
    call = next(call for call in receiver.calls if call.method == "POST")
    assert json.loads(call.body)["subject_id"] == created["id"]
    assert is_signed(call, webhook["secret"])
    assert wait_until(lambda: DocumentFetch.objects.get().state == "fetched", seconds=PATIENCE)


def test_a_receiver_that_was_down_is_told_once_it_is_up(dext, receiver):
    receiver.says(503)
    register(dext, receiver.url)
    dext.publish(item())
    assert wait_until(lambda: WebhookDelivery.objects.filter(attempts=1).exists(), seconds=PATIENCE)
    receiver.says(200)
    WebhookDelivery.objects.update(next_attempt_at=WebhookDelivery.objects.get().first_attempt_at)
    sweep_webhooks.delay()
    assert is_delivered()
    assert len(receiver.calls) == 2


def test_a_worker_that_is_killed_in_the_middle_of_a_call_loses_nothing(dext, receiver, celery_worker_process):
    released = Event()

    def wait_for_ever(handler) -> None:
        released.wait(PATIENCE)

    receiver.answer = wait_for_ever
    register(dext, receiver.url)
    dext.publish(item())
    assert arrives(receiver)
    celery_worker_process.child.kill()
    released.set()
    assert WebhookDelivery.objects.get().attempts == 0
    dext.publish(item(external_id="RB-2", reference="F-2", document_url=f"{receiver.url}/ticket.pdf"))
    forget_messages()  # even its messages are lost: the sweeps find the work again
    receiver.says(200, pdf())
    celery_worker_process.start()
    sweep_webhooks.delay()
    sweep_document_fetches.delay()
    assert is_delivered(2)
    assert wait_until(lambda: DocumentFetch.objects.get().state == "fetched", seconds=PATIENCE)
    told = [json.loads(call.body)["external_id"] for call in receiver.calls if call.method == "POST"]
    assert told == ["RB-88213", "RB-88213", "RB-2"]


def test_a_slow_receiver_does_not_hold_up_another(dext, receiver):
    def slow(handler) -> None:
        time.sleep(20)

    with receiving(slow) as slow_one:
        register(dext, slow_one.url)
        register(dext, receiver.url)
        dext.publish(item())
        assert is_delivered()
        webhook = Webhook.objects.get(url=receiver.url)
        assert WebhookDelivery.objects.get(state="delivered").webhook == webhook
