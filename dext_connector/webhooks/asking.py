"""Ask the worker to look at the webhooks, once what happened is committed. A lost message is found by the sweep."""

from django.core.cache import cache
from django.db import transaction

from dext_connector.models import Webhook

WAITING = "webhooks-wait"
FORGOTTEN_AFTER_SECONDS = 30
GATHERING_SECONDS = 1


def ask_for_delivery() -> None:
    """A burst of askings costs one look, not one each."""
    transaction.on_commit(_enqueue, robust=True)


def _enqueue() -> None:
    from dext_connector.tasks import sweep_webhooks

    if cache.add(WAITING, 1, timeout=FORGOTTEN_AFTER_SECONDS) and Webhook.objects.exists():
        sweep_webhooks.apply_async(countdown=GATHERING_SECONDS)


def looked_at() -> None:
    """What commits from here on asks for a look of its own."""
    cache.delete(WAITING)
