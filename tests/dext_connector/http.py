"""Dext over real HTTP: it sends the same again, with the same key, until it is answered for good."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import requests

from tests.dext_connector.conftest import BASE, DextCaller
from tests.web import WebServer

PATIENCE_SECONDS = 600.0
RETRIED = {429, 500, 502, 503, 504}


@dataclass
class Sender:
    """One client of the server; `answers` is the last answer to each key, `unanswered` how many calls had none."""

    server: WebServer
    dext: DextCaller
    answers: dict[str, requests.Response] = field(default_factory=dict)
    unanswered: int = 0

    def send(self, path: str, body: Any, *, key: str = "") -> requests.Response:
        """One call, whatever comes of it."""
        headers = {"Authorization": f"Bearer {self.dext.token}"} | ({"Idempotency-Key": key} if key else {})
        address = f"{self.server.url}{BASE}{self.dext.on_company(path)}"
        return requests.post(address, json=body, headers=headers, timeout=30)

    def send_until_answered(self, path: str, body: Any, *, key: str) -> requests.Response:
        """As Dext does: again after a lost connection, a 5xx, or a call that still runs."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.send(path, body, key=key)
            except requests.RequestException:
                self.unanswered += 1
                time.sleep(0.2)
                continue
            if answer.status_code not in RETRIED and not still_runs(answer):
                self.answers[key] = answer
                return answer
            time.sleep(0.2)
        raise AssertionError(f"{key} was never answered")


def still_runs(answer: requests.Response) -> bool:
    return answer.status_code == 409 and answer.json()["code"] == "still_running"


def all_at_once(sender: Sender, path: str, body: Any, *, times: int, key: str) -> list[requests.Response]:
    """The same call, `times` times at the same moment."""
    start = Barrier(times)

    def send(_: int) -> requests.Response:
        start.wait()
        return sender.send(path, body, key=key)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(send, range(times)))
