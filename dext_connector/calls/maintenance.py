"""`MEG_MAINTENANCE`: MEG is being worked on, and Dext is told to come back with the same key."""

from django.conf import settings


class UnderMaintenance(Exception):
    """Nothing is looked at, nothing is stored."""

    retry_after = 120


def check_maintenance() -> None:
    """Raises UnderMaintenance."""
    if settings.MAINTENANCE:
        raise UnderMaintenance
