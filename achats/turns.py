"""One at a time: advisory locks that PostgreSQL holds until the transaction ends."""

from uuid import UUID

from django.db import connection


def wait_our_turn(what: str, company_id: UUID, *keys: str) -> None:
    """Lock each (what, company, key), in one order so that two callers never wait for each other.

    After it, under READ COMMITTED, a query sees what those before us committed. Empty keys are passed over.
    """
    with connection.cursor() as cursor:
        for key in sorted({*filter(None, keys)}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what} {company_id} {key}"])
