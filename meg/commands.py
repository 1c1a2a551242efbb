"""The command lines of MEG's own processes; docker-compose.yml runs the same ones."""

import sys

PYTHON = sys.executable
LOGGED = ["--loglevel", "INFO"]
QUIET = ["--without-gossip", "--without-mingle"]


def manage(*words: str) -> list[str]:
    return [PYTHON, "manage.py", *words]


def web(*, host: str, port: int) -> list[str]:
    """Each of 2 processes serves 8 requests at once, each on a connection of its own: 16 of PostgreSQL's 100."""
    words = f"--interface wsgi --host {host} --port {port} --workers 2 --blocking-threads 8 --backpressure 64 --no-ws"
    more = "--respawn-failed-workers --workers-kill-timeout 3 meg.wsgi:application"
    return [PYTHON, "-m", "granian", *words.split(), *more.split()]


def worker() -> list[str]:
    return [PYTHON, "-m", "celery", "-A", "meg", "worker", "--concurrency", "2", *LOGGED, *QUIET]


def beat() -> list[str]:
    """Its schedule is in memory: nothing of it needs to outlive a stop, and no file can be torn by a kill."""
    return [PYTHON, "-m", "celery", "-A", "meg", "beat", "--scheduler", "celery.beat:Scheduler", *LOGGED]
