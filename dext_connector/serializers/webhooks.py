"""Webhooks and their deliveries in Dext's words."""

from dataclasses import dataclass
from datetime import datetime

from dext_connector.feed import public_kind_of
from dext_connector.models import PublicKind, Webhook, WebhookDelivery
from dext_connector.payloads import Fault, Refused
from dext_connector.serializers.addresses import read_address
from dext_connector.serializers.events import TEST
from dext_connector.serializers.reading import Reader
from dext_connector.signing import secret_of


class WebhookRefused(Refused):
    """The webhook that came lacks an address, or names one that MEG does not call, or an unknown kind."""


@dataclass(frozen=True, kw_only=True)
class SentWebhook:
    """Where Dext wants to be told, and of what: of everything where it named no kind."""

    url: str
    kinds: list[str]


def read_webhook(data: dict) -> SentWebhook:
    """Raises WebhookRefused."""
    faults: list[Fault] = []
    body = Reader(data, faults)
    url, kinds = read_address(body, "url", is_required=True), body.chosen("kinds", PublicKind.values)
    if faults:
        raise WebhookRefused(faults)
    return SentWebhook(url=url, kinds=kinds or PublicKind.values)


def webhook_answer(webhook: Webhook) -> dict:
    return {
        "id": str(webhook.pk),
        "url": webhook.url,
        "kinds": webhook.kinds,
        "active": webhook.disabled_at is None,
        "created_at": webhook.created_at.isoformat(),
        "disabled_at": _moment(webhook.disabled_at),
        "disabled_because": webhook.disabled_because or None,
    }


def webhook_with_secret(webhook: Webhook) -> dict:
    """Told once: when it is made, and when it is renewed."""
    return webhook_answer(webhook) | {"secret": secret_of(webhook.pk, webhook.generation)}


def delivery_answer(delivery: WebhookDelivery) -> dict:
    """It comes with its event."""
    event = delivery.event
    return {
        "id": str(delivery.pk),
        "event_id": str(event.pk) if event else None,
        "kind": public_kind_of(event) if event else TEST,
        "company_id": str(delivery.company_id) if delivery.company_id else None,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": _moment(delivery.next_attempt_at),
        "delivered_at": _moment(delivery.delivered_at),
        "last_status": delivery.last_status,
        "error": delivery.error or None,
        "created_at": delivery.created_at.isoformat(),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
