"""The feed becomes deliveries: one row for each event that a webhook is to be told of, in the order of the feed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dext_connector.access.reach import companies_of
from dext_connector.feed import read_feed
from dext_connector.models import DeliveryState, Webhook, WebhookDelivery
from firms.feed import head_of_feed, place_events

AHEAD = 50


@transaction.atomic
def plan_deliveries(*, webhook: Webhook, at: datetime) -> None:
    """Make the deliveries of the next events, at most AHEAD, and remember how far the feed was read.

    The caller has the webhook's turn.
    """
    if Webhook.objects.select_for_update(no_key=True).filter(pk=webhook.pk).first() is None:
        return
    companies = companies_of(webhook.user, webhook.application, at=at)
    events, position = read_feed(companies=companies, kinds=webhook.kinds, after=webhook.position, limit=AHEAD, at=at)
    WebhookDelivery.objects.bulk_create(
        (
            WebhookDelivery(
                webhook=webhook, event_id=event.id, company_id=event.company_id, next_attempt_at=at, created_at=at
            )
            for event in events
        ),
        ignore_conflicts=True,
    )
    if position != webhook.position:
        webhook.position = position
        webhook.save(update_fields=["position"])


def waiting_of(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """What is to be sent: the events in the order of the feed, then tests."""
    rows = WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING)
    return rows.select_related("event").order_by("event__position", "id")


def webhooks_with_news(*, at: datetime) -> Iterator[UUID]:
    """The webhooks that have something to send now; those that wait after a failure, and disabled ones, are left."""
    place_events()
    waiting = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), state=DeliveryState.WAITING)
    of_events, tests = waiting.filter(event__isnull=False), waiting.filter(event=None)
    is_due = Exists(of_events.filter(next_attempt_at__lte=at)) | Q(position__lt=head_of_feed())
    is_paused = Exists(of_events.filter(next_attempt_at__gt=at))
    rows = Webhook.objects.filter(Q(Exists(tests)) | (Q(disabled_at=None) & is_due & ~is_paused))
    return rows.order_by("id").values_list("pk", flat=True).iterator()
