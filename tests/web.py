"""The real web server, as `make run` starts it, on this process's own test database and Redis database."""

import os
import signal
from pathlib import Path

import requests
from django.conf import settings

from meg import commands
from meg.embedded.ports import free_port
from meg.embedded.processes import Child, spawn, wait_until
from tests.worker import PATIENCE_SECONDS, worker_environment

HOST = "127.0.0.1"


class WebServer:
    """Started once in a test process, then shared by the tests that ask for it; always at the same address."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start unless it lives, and wait until it answers. Fails when it does not."""
        if self.child and self.child.is_alive():
            return
        log = Path(settings.DATA_DIR) / "web.log"
        command = commands.web(host=HOST, port=self.port)
        self.child = spawn("web", command, log=log, cwd=settings.BASE_DIR, env=worker_environment())
        if not wait_until(self.answers, seconds=PATIENCE_SECONDS):
            raise AssertionError(f"the web server does not start:\n{log.read_text()[-4_000:]}")

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz/", timeout=5).status_code in {200, 503}
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """kill -9, its own processes with it, at once."""
        if self.child:
            if self.child.is_alive():
                os.killpg(self.child.process.pid, signal.SIGKILL)
            self.child.kill()
            self.child = None
