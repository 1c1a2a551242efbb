"""What the worker does for the connector."""

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from dext_connector.authorizations import forget_ended_authorizations
from dext_connector.connection_ends import tell_of_ends


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()
    forget_ended_authorizations(at=timezone.now())


@shared_task
def tell_of_connection_ends() -> None:
    """Tell of the connections that end in 30, 7 or 1 days, or have ended."""
    tell_of_ends(at=timezone.now())
