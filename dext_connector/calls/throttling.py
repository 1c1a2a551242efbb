"""How many calls a minute a token, or an address without one, may make; counted in Redis for all processes together."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

WINDOW = 60


@dataclass(frozen=True)
class Allowance:
    """What is left of a window: `reset` is in seconds from now."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class TooManyCalls(Exception):
    """The caller has used up its minute; `retry_after` in seconds.

    `is_runaway`: it was told so as often as it was let through, so that what it sends is not even kept any more.
    """

    def __init__(self, allowance: Allowance, *, is_runaway: bool = False) -> None:
        super().__init__(f"Trop d’appels\u00a0: {allowance.limit} par minute au plus. Réessayez dans un instant.")
        self.allowance, self.retry_after = allowance, allowance.reset
        self.is_runaway = is_runaway


def count_call(who: str) -> Allowance:
    """Count one call of `who`. Raises TooManyCalls. Without Redis nobody is held back."""
    now = int(time.time())
    key, reset = f"dext-calls:{who}:{now // WINDOW}", WINDOW - now % WINDOW
    try:
        cache.add(key, 0, timeout=2 * WINDOW)
        count = cache.incr(key)
    except (RedisError, ValueError):
        count = 1
    limit = settings.DEXT_CALLS_PER_MINUTE
    allowance = Allowance(limit, max(0, limit - count), reset)
    if count > limit:
        raise TooManyCalls(allowance, is_runaway=count > 2 * limit)
    return allowance
