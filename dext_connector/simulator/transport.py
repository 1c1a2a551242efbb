"""HTTP as Dext does it: patient where MEG asks to wait, stubborn where the network fails, under one key."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from dext_connector.simulator.calls import Call, Recorder, forget, shown

TRIES = 4
LONGEST_WAIT_SECONDS = 120.0
TIMEOUT_SECONDS = (5.0, 60.0)
WAIT = {429, 503}
TRY_AGAIN = {500, 502, 504}


class ApiUnreachable(Exception):
    """No answer came from the address, or only failures of the server. `message` is for a person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Answer:
    """What MEG said: the status, the JSON body (None where there is none) and the headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Transport:
    """Calls below `base_url`. `pause` sleeps (a test gives its own); `record` hears of each call."""

    base_url: str
    record: Recorder = forget
    pause: Callable[[float], None] = time.sleep
    session: requests.Session = field(default_factory=requests.Session)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one call, sent again with the same headers where MEG or the network asks for it.

        `body` is sent as JSON; `data` and `files` as a form. Raises ApiUnreachable when all tries failed.
        """
        arguments = {"json": body, "data": data, "files": files, "headers": dict(headers or {})}
        waited, tried = 0.0, 0
        while True:
            answer = self._try(method, path, arguments)
            has_failed = answer is None or answer.status in TRY_AGAIN
            wait = _asked_wait(answer) if answer else None
            if answer and not has_failed and (wait is None or waited + wait > LONGEST_WAIT_SECONDS):
                return answer
            tried += has_failed
            if tried == TRIES:
                raise self._unreachable(answer)
            delay = wait or 0.2 * 2**tried
            self.pause(delay)
            waited += delay

    def _unreachable(self, answer: Answer | None) -> ApiUnreachable:
        if answer is None:
            return ApiUnreachable(f"Aucun serveur MEG ne répond à l’adresse {self.base_url}.")
        return ApiUnreachable(f"MEG a répondu {answer.status}\u00a0: rien ne dit que l’envoi a été enregistré.")

    def _try(self, method: str, path: str, arguments: dict[str, Any]) -> Answer | None:
        """None where the network failed."""
        try:
            return self._once(method, path, arguments)
        except requests.RequestException:
            return None

    def _once(self, method: str, path: str, arguments: dict[str, Any]) -> Answer:
        started, status, answered = time.monotonic(), 0, None
        try:
            response = self.session.request(method, self.base_url + path, timeout=TIMEOUT_SECONDS, **arguments)
            status, answered = response.status_code, _json(response)
            return Answer(status, answered, response.headers)
        finally:
            files = arguments["files"] or {}
            self.record(
                Call(
                    at=datetime.now(UTC).isoformat(timespec="seconds"),
                    method=method,
                    path=path,
                    status=status,
                    milliseconds=round((time.monotonic() - started) * 1000),
                    request=shown(_sent(arguments)),
                    answer=shown(answered),
                    file=", ".join(file[0] for file in files.values() if file[0]),
                )
            )


def _sent(arguments: Mapping[str, Any]) -> Any:
    """The JSON, the form, or the JSON part of a form with a file."""
    part = (arguments["files"] or {}).get("item")
    return json.loads(part[1]) if part else arguments["json"] or arguments["data"]


def _json(response: requests.Response) -> Any:
    try:
        return response.json() if response.content else None
    except ValueError:
        return None


def _asked_wait(answer: Answer) -> float | None:
    """Seconds to wait before the same call again: 429, 503, or a key that is still running (409 with Retry-After)."""
    asked = answer.headers.get("Retry-After", "")
    if answer.status in WAIT or (answer.status == 409 and asked):
        return float(asked) if asked.isdigit() else 1.0
    return None
