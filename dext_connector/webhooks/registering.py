"""Dext says where it wants to be told, renews the secret, asks for a test, or wants to hear no more."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from oauth2_provider.models import Application

from dext_connector.models import DeliveryState, Webhook, WebhookDelivery
from dext_connector.webhooks.asking import ask_for_delivery
from firms.feed import head_of_feed
from firms.models import User

MOST = 20


class TooManyWebhooks(Exception):
    """The user has MOST webhooks of this application."""

    def __init__(self) -> None:
        super().__init__(f"{MOST} retours au plus\u00a0: supprimez-en un avant d’en enregistrer un autre.")


class WebhookExists(Exception):
    """The user has a webhook of this application at this address: `webhook`. `str()` is one French sentence."""

    def __init__(self, webhook: Webhook) -> None:
        super().__init__(f"«\u00a0{webhook.url}\u00a0» est déjà enregistrée\u00a0: supprimez-la pour la changer.")
        self.webhook = webhook


@transaction.atomic
def register_webhook(*, user: User, application: Application, url: str, kinds: Sequence[str], at: datetime) -> Webhook:
    """Tell `url` what happens from now on. Raises WebhookExists, TooManyWebhooks."""
    User.objects.select_for_update().get(pk=user.pk)  # one at a time, so that the limit holds
    held = Webhook.objects.filter(user=user, application=application)
    if same := held.filter(url=url).first():
        raise WebhookExists(same)
    if held.count() >= MOST:
        raise TooManyWebhooks
    return Webhook.objects.create(
        user=user, application=application, url=url, kinds=list(kinds), position=head_of_feed(), created_at=at
    )


def webhook_of(*, user: User, application: Application, webhook_id: UUID) -> Webhook:
    """Raises Http404 for another's, the same as for none."""
    return get_object_or_404(Webhook, pk=webhook_id, user=user, application=application)


@transaction.atomic
def renew_secret(*, webhook: Webhook, at: datetime) -> Webhook:
    """Give `webhook` another secret; for a day both sign."""
    row = Webhook.objects.select_for_update().get(pk=webhook.pk)
    row.generation += 1
    row.rotated_at = at
    row.save(update_fields=["generation", "rotated_at"])
    return row


@transaction.atomic
def ask_for_test(*, webhook: Webhook, at: datetime) -> WebhookDelivery:
    """Send a call that tells of nothing, soon, and once; where it arrives a disabled webhook is enabled again.

    Where one waits already, that one is the answer: nobody is called more often than the worker gets to it.
    """
    delivery, _ = WebhookDelivery.objects.get_or_create(
        webhook=webhook,
        event=None,
        state=DeliveryState.WAITING,
        defaults={"next_attempt_at": at, "created_at": at},
    )
    ask_for_delivery()
    return delivery
