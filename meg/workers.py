"""Whether a Celery worker lives: each one says so every two seconds, and its word is forgotten soon after."""

import logging
from threading import Event

from celery.signals import heartbeat_sent, worker_ready
from django.core.cache import cache
from redis import RedisError

WORKER_SEEN = "worker-seen"
BELIEVED_SECONDS = 30

logger = logging.getLogger(__name__)
_consumes = Event()


@worker_ready.connect
def note_readiness(**_: object) -> None:
    """Called by Celery in the worker's own process, once it takes messages; heartbeats begin before."""
    _consumes.set()
    note_heartbeat()


@heartbeat_sent.connect
def note_heartbeat(**_: object) -> None:
    if not _consumes.is_set():
        return
    try:
        cache.set(WORKER_SEEN, 1, timeout=BELIEVED_SECONDS)
    except RedisError:
        logger.warning("the worker's heartbeat could not be noted")


def a_worker_was_seen() -> bool:
    return bool(cache.get(WORKER_SEEN))
