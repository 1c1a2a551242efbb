"""One call to the API as the drawer « Appels » shows it: no password, no token, no bytes of a document."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

SECRETS = {"password", "access_token", "refresh_token", "token", "code_verifier", "secret"}
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Call:
    """A request and its answer. `status` is 0 where no answer came; `request` and `answer` are pretty JSON or empty."""

    at: str
    method: str
    path: str
    status: int
    milliseconds: int
    request: str
    answer: str
    file: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Recorder = Callable[[Call], None]


def forget(call: Call) -> None:
    """The recorder of whoever needs no record."""


def shown(body: Any) -> str:
    """`body` as a person reads it, without its secrets; cut where it is long."""
    if body is None:
        return ""
    text = json.dumps(without_secrets(body), ensure_ascii=False, indent=2)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: "•••" if key in SECRETS else without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return value
