"""What the worker does for the connector."""

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from dext_connector import reference_changes


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()


@shared_task
def notice_reference_changes() -> None:
    """Tell Dext, by an event, that a list has to be loaded again."""
    reference_changes.notice_reference_changes(at=timezone.now())
