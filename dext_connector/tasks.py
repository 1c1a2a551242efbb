"""What the worker does for the connector."""

from celery import shared_task
from oauth2_provider.models import clear_expired


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()
