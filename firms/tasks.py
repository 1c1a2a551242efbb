"""What the worker does for people."""

from celery import shared_task

from firms.resetting import send_link


@shared_task
def send_password_link(*, email: str, site_url: str) -> None:
    """Mail the link to a new password, if `email` (as it was typed) is an account's."""
    send_link(email=email, site_url=site_url)
