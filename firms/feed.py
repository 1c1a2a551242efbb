"""The order in which events are told to others: each gets its `position` once it is committed, and never another.

Neither id nor time says in which order transactions commit: a reader who remembers « the last id » skips what commits
late. So positions are given afterwards, to what is committed, by one at a time: whoever sees a position sees all before
it. (Transaction ids would do without a second write, but hold the feed back for as long as any transaction of the
cluster is open, and start anew where a dump is restored.)
"""

from django.db import connection, transaction

MOST = 5_000
_IS_WORK = "SELECT EXISTS (SELECT 1 FROM firms_event WHERE position IS NULL)"
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('firms.feed', 0))"
_PLACE = """
UPDATE firms_event SET position = placed.position
FROM (
    SELECT id, nextval('firms_event_position') AS position
    FROM (SELECT id FROM firms_event WHERE position IS NULL ORDER BY id LIMIT %s) AS waiting
) AS placed
WHERE firms_event.id = placed.id
"""
_HEAD = "SELECT max(position) FROM firms_event"


def place_events(*, most: int = MOST) -> int:
    """Give their position to at most `most` committed events that have none; → how many.

    Where another is at it, nothing is done: what it places is read the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_WORK)
        if not cursor.fetchone()[0]:
            return 0
        with transaction.atomic():
            cursor.execute(_LOCK)
            if not cursor.fetchone()[0]:
                return 0
            cursor.execute(_PLACE, [most])  # a statement of its own: it sees what the one before us placed
            return cursor.rowcount


def head_of_feed() -> int:
    """The greatest position; 0 where nothing was ever told."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        return cursor.fetchone()[0] or 0
