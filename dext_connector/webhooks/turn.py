"""One worker at a time for one webhook: a lock of PostgreSQL that a killed worker loses with its connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

_NAME = "hashtextextended(%s, 0)"


@contextmanager
def turn_of(webhook_id: UUID) -> Iterator[bool]:
    """Whether the turn is ours; held across transactions, for calls out are made in none."""
    name = [f"dext_connector.webhook {webhook_id}"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_NAME})", name)
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({_NAME})", name)
