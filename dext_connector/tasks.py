"""What the worker does for the connector."""

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from dext_connector.idempotency import forget_old_keys


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()


@shared_task
def forget_idempotency_keys() -> None:
    """Take the keys of more than 30 days from what came; the rows stay."""
    forget_old_keys(at=timezone.now())
