"""When a delivery is tried again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dext_connector.webhooks.backoff import GIVEN_UP_AFTER, next_attempt

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)


def walk(chances: list[float]) -> list[datetime]:
    """The moments of the tries of a delivery that always fails."""
    tries = [FIRST]
    for chance in chances:
        again = next_attempt(attempts=len(tries), first_at=FIRST, at=tries[-1], chance=chance)
        if again is None:
            return tries
        tries.append(again)
    raise AssertionError("it never ends")


def test_the_table_of_the_guide():
    waits = [later - earlier for earlier, later in pairwise(walk([0.0] * 99))]
    assert waits[:7] == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=8),
        timedelta(minutes=32),
        timedelta(minutes=128),
        timedelta(hours=4),
        timedelta(hours=4),
    ]
    assert len(waits) == 11


@given(st.lists(st.floats(0, 1), min_size=50, max_size=50))
def test_whatever_chance_says_it_ends_a_day_after_the_first_try(chances):
    tries = walk(chances)
    assert tries[-1] == FIRST + GIVEN_UP_AFTER
    assert all(earlier < later for earlier, later in pairwise(tries))
    assert 9 <= len(tries) <= 13


def test_a_worker_that_comes_late_still_gives_up():
    assert next_attempt(attempts=3, first_at=FIRST, at=FIRST + timedelta(days=3), chance=0.5) is None
