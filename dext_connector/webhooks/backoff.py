"""When a delivery that failed is tried again. Pure: the clock and chance come as arguments."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=30)
FACTOR = 4
LONGEST = timedelta(hours=4)
SPREAD = 0.25
GIVEN_UP_AFTER = timedelta(hours=24)


def next_attempt(*, attempts: int, first_at: datetime, at: datetime, chance: float) -> datetime | None:
    """When to try again after `attempts` failures, the last at `at`; None where the first is 24 hours ago.

    30 s, 2 min, 8 min, 32 min, 2 h 08, then every 4 h, each lengthened by up to a quarter (`chance`, 0 to 1) so that
    many do not come back at once; the last try is 24 hours after the first.
    """
    ends = first_at + GIVEN_UP_AFTER
    if at >= ends:
        return None
    wait = min(FIRST * FACTOR ** min(attempts - 1, 10), LONGEST)
    return min(at + wait * (1 + SPREAD * chance), ends)
