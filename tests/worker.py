"""A real Celery worker on this process's own test database and Redis database."""

import json
import os
import signal
import sys
import time
from base64 import b64decode
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from redis import Redis

from meg.celery import app
from meg.embedded.processes import Child, spawn, wait_until
from meg.workers import WORKER_SEEN

PATIENCE_SECONDS = 120.0
QUIET_LOOKS = 5


class Worker:
    """Started once in a test process, then shared by the tests that ask for it."""

    def __init__(self) -> None:
        self.child: Child | None = None

    @property
    def is_alive(self) -> bool:
        return self.child is not None and self.child.is_alive()

    def start(self) -> None:
        """Start unless it lives, and wait until it says so. Fails when it does not."""
        if self.is_alive:
            return
        cache.delete(WORKER_SEEN)
        log = Path(settings.DATA_DIR) / "worker.log"
        command = [sys.executable, "-m", "celery", "-A", "meg", "worker", "--concurrency=1", "--loglevel=INFO"]
        command += ["--without-mingle", "--without-gossip"]
        self.child = spawn("worker", command, log=log, cwd=settings.BASE_DIR, env=worker_environment())
        if not wait_until(lambda: bool(cache.get(WORKER_SEEN)), seconds=PATIENCE_SECONDS):
            raise AssertionError(f"the worker does not start:\n{log.read_text()[-4_000:]}")

    def stop(self) -> None:
        """End it at once: its database is about to be dropped."""
        if self.child:
            self.child.stop(patience=5)
            self.child = None

    def kill(self) -> None:
        """kill -9, its own processes with it, at once."""
        if self.child:
            if self.child.is_alive():
                os.killpg(self.child.process.pid, signal.SIGKILL)
            self.child.kill()
            self.child = None

    def wait_until_idle(self) -> bool:
        """True once no message waits and no task runs: a task's message is only dropped when it ends (acks late).

        It must stay so for a moment: between the queue and the list of what is held, a message is in neither.
        """
        return wait_until(self._stays_idle, seconds=PATIENCE_SECONDS)

    def _stays_idle(self) -> bool:
        for _ in range(QUIET_LOOKS):
            if messages():
                return False
            time.sleep(0.1)
        return True


def worker_environment() -> dict[str, str]:
    name = quote(connection.settings_dict["NAME"])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return {**os.environ, "DATABASE_URL": url}


def messages() -> int:
    """How many messages wait, or are held by a worker that has not answered for them."""
    with Redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen("celery")) + int(client.hlen("unacked"))


def drop_what_the_dead_held() -> None:
    """Forget the messages that killed workers took: Redis would give them out again after ten minutes."""
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete("unacked", "unacked_index")


def forget_messages() -> None:
    """Drop what earlier tests left in the queue, for rows that are no more, and what a killed worker held."""
    app.control.purge()
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete("unacked", "unacked_index")


def run_waiting() -> list[str]:
    """Run in this process what waits in the queue, as a worker would read it; → the names of the tasks."""
    names = []
    with Redis.from_url(settings.REDIS_URL) as client:
        while (raw := client.lpop("celery")) is not None:
            message = json.loads(raw)
            _, kwargs, _ = json.loads(b64decode(message["body"]))
            names.append(message["headers"]["task"])
            app.tasks[names[-1]](**kwargs)
    return names
