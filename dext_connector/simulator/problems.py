"""MEG's refusals (RFC 9457) as Dext shows them: the sentence of the API, word for word."""

from dataclasses import dataclass
from typing import Any

from dext_connector.simulator.transport import Answer


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` is the API's own; `faults` one sentence for each fault of the item, where it names several."""

    status: int
    code: str
    message: str
    faults: tuple[str, ...] = ()
    existing: dict[str, Any] | None = None

    @property
    def sentence(self) -> str:
        return " ".join(dict.fromkeys([*self.faults] or [self.message]))


class Refused(Exception):
    """MEG said no to a call that is no publish."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


class TokenRefused(Exception):
    """Credentials or token that MEG does not take; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def refused(answer: Answer) -> Problem:
    """The problem that a refusal bears; a refusal without one is named by its status."""
    body = answer.body if isinstance(answer.body, dict) else {}
    faults = tuple(fault["message"] for fault in body.get("errors") or () if fault.get("message"))
    message = body.get("message") or body.get("title") or f"MEG a refusé sans explication ({answer.status})."
    return Problem(answer.status, body.get("code", ""), message, faults, body.get("existing"))
