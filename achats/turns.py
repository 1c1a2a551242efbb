"""One at a time: advisory locks that PostgreSQL holds until the transaction ends."""

from uuid import UUID

from django.db import connection

_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_BESIDE_OTHERS = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"


def wait_our_turn(what: str, company_id: UUID, *keys: str) -> None:
    """Lock each (what, company, key), in one order so that two callers never wait for each other.

    After it, under READ COMMITTED, a query sees what those before us committed. Empty keys are passed over.
    """
    for key in sorted({*filter(None, keys)}):
        _lock(_ALONE, f"{what} {company_id} {key}")


def share_the_turn(what: str, company_id: UUID) -> None:
    """Hold (what, company) beside others, until the transaction ends, but not beside who holds the whole of it."""
    _lock(_BESIDE_OTHERS, f"{what} {company_id}")


def take_the_whole_turn(what: str, company_id: UUID) -> None:
    """Wait for everyone who shares (what, company), and keep them out: one lock instead of thousands."""
    _lock(_ALONE, f"{what} {company_id}")


def _lock(statement: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
