"""Ask the worker to look at the webhooks, once what happened is committed. A lost message is found by the sweep."""

from django.core.cache import cache
from django.db import transaction

from dext_connector.models import Webhook
from firms.sending import send

WAITING = "webhooks-wait"
FORGOTTEN_AFTER_SECONDS = 30
GATHERING_SECONDS = 1


def ask_for_delivery() -> None:
    """A burst of askings costs one look, not one each."""
    transaction.on_commit(_enqueue, robust=True)


def _enqueue() -> None:
    if cache.add(WAITING, 1, timeout=FORGOTTEN_AFTER_SECONDS) and Webhook.objects.exists():
        send("dext_connector.tasks.sweep_webhooks", {}, after_seconds=GATHERING_SECONDS)


def looked_at() -> None:
    """What commits from here on asks for a look of its own."""
    cache.delete(WAITING)
