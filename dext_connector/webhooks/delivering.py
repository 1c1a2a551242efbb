"""Send what waits for one webhook: in order, signed, each until it is answered 2xx or a day has passed.

At least once: a worker that dies between the answer and its note sends again, and `MEG-Event-Id` lets Dext tell. The
first that fails holds those behind it back, so that order is kept; a slow address costs one worker a few seconds at a
time, for a visit is short and a failure ends it.
"""

import json
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dext_connector.access.reach import companies_of
from dext_connector.feed import told
from dext_connector.models import DeliveryState, Webhook, WebhookDelivery
from dext_connector.outbound.addresses import AddressRefused
from dext_connector.outbound.calling import CallFailed, post
from dext_connector.serializers.events import event_answer, test_answer
from dext_connector.signing import signature
from dext_connector.webhooks.backoff import next_attempt
from dext_connector.webhooks.planning import plan_deliveries, waiting_of
from dext_connector.webhooks.turn import turn_of
from firms.events import record_event

VISIT_SECONDS = 10.0
CALL_SECONDS = 5.0
KEPT = timedelta(days=30)

Clock = Callable[[], datetime]
_chance = random.SystemRandom().random


def visit_webhook(*, webhook_id: UUID, clock: Clock = timezone.now, chance: Callable[[], float] = _chance) -> bool:
    """Send what waits, for about VISIT_SECONDS; True where more is left for another visit now."""
    ends = time.monotonic() + VISIT_SECONDS
    with turn_of(webhook_id) as is_ours:
        webhook = Webhook.objects.select_related("user", "application").filter(pk=webhook_id).first()
        if webhook is None or not is_ours:
            return False
        while time.monotonic() < ends:
            delivery = _next(webhook, clock())
            if delivery is None or not _is_sent(webhook, delivery, clock, chance()):
                return False
    return True


def _next(webhook: Webhook, at: datetime) -> WebhookDelivery | None:
    """The first that waits, if its moment has come; tests before events, and alone where the webhook is disabled."""
    test = waiting_of(webhook).filter(event=None).first()
    if test or webhook.disabled_at:
        return test
    first = waiting_of(webhook).first()
    if first is None:
        plan_deliveries(webhook=webhook, at=at)
        first = waiting_of(webhook).first()
    return first if first and first.next_attempt_at and first.next_attempt_at <= at else None


def _is_sent(webhook: Webhook, delivery: WebhookDelivery, clock: Clock, chance: float) -> bool:
    """Send and note; True where the next may follow at once. What its user may see no more is dropped unsent."""
    delivery.webhook = webhook
    reached = companies_of(webhook.user, webhook.application, at=clock())
    if delivery.company_id and not reached.filter(pk=delivery.company_id).exists():
        delivery.delete()
        return True
    body, at = _body(delivery), clock()
    headers = {
        "Content-Type": "application/json",
        "MEG-Event-Id": str(delivery.event_id or delivery.pk),
        "MEG-Signature": signature(webhook, body=body, at=at),
    }
    try:
        status = post(webhook.url, body=body, headers=headers, seconds=CALL_SECONDS)
    except (AddressRefused, CallFailed) as error:
        note_failure(delivery=delivery, error=error, at=clock(), chance=chance)
        return delivery.event_id is None
    note_arrival(delivery=delivery, status=status, at=clock())
    return True


def _body(delivery: WebhookDelivery) -> bytes:
    answer = event_answer(told([delivery.event])[0]) if delivery.event else test_answer(delivery)
    return json.dumps(answer, separators=(",", ":")).encode()


@transaction.atomic
def note_arrival(*, delivery: WebhookDelivery, status: int, at: datetime) -> None:
    """It arrived. A test that does enables its webhook again, and what waited goes out anew."""
    _note(
        delivery, at, state=DeliveryState.DELIVERED, delivered_at=at, next_attempt_at=None, last_status=status, error=""
    )
    webhook = delivery.webhook
    if delivery.event_id is None and webhook.disabled_at:
        webhook.disabled_at, webhook.disabled_because = None, ""
        webhook.save(update_fields=["disabled_at", "disabled_because"])
        waiting_of(webhook).update(attempts=0, first_attempt_at=None, next_attempt_at=at)


@transaction.atomic
def note_failure(*, delivery: WebhookDelivery, error: Exception, at: datetime, chance: float) -> None:
    """It did not: when to try again. After a day the webhook is disabled, and `webhook.disabled` written.

    A test is sent once.
    """
    words, again = str(error)[:200].rstrip("."), None
    if delivery.event_id is not None:
        first_at = delivery.first_attempt_at or at
        again = next_attempt(attempts=delivery.attempts + 1, first_at=first_at, at=at, chance=chance)
        if again is None:
            _disable(delivery, words, at)
            again = at
    state = DeliveryState.WAITING if again else DeliveryState.FAILED
    status = getattr(error, "status", None)
    _note(delivery, at, state=state, next_attempt_at=again, last_status=status, error=words)


def _note(delivery: WebhookDelivery, at: datetime, **fields: object) -> None:
    """By an UPDATE: a webhook that was deleted meanwhile took its deliveries with it."""
    fields |= {"attempts": delivery.attempts + 1, "first_attempt_at": delivery.first_attempt_at or at}
    WebhookDelivery.objects.filter(pk=delivery.pk).update(**fields)


def _disable(delivery: WebhookDelivery, words: str, at: datetime) -> None:
    """What waits goes on waiting: nothing is lost, and `events/` has it for 30 days."""
    changed = Webhook.objects.filter(pk=delivery.webhook_id, disabled_at=None).update(
        disabled_at=at, disabled_because=words
    )
    if changed and delivery.event:
        changes = {"error": ["", words]}
        record_event(
            company=delivery.event.company,
            kind="webhook.disabled",
            subject_id=delivery.webhook_id,
            at=at,
            changes=changes,
        )


def forget_deliveries(*, at: datetime) -> int:
    """Delete the deliveries of more than 30 days ago; the events stay."""
    return WebhookDelivery.objects.filter(created_at__lt=at - KEPT).delete()[0]
