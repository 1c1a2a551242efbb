"""A JSON file that several processes read and change: whole or not at all, one writer at a time."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class JsonFile:
    """The document at `path`; `start` says what it is while there is none."""

    def __init__(self, path: Path, start: Callable[[], dict[str, Any]]) -> None:
        self.path = path
        self.start = start

    def read(self) -> dict[str, Any]:
        """What it says now, what an older one never said as at the start.

        Readers never wait: a change takes effect at once and whole.
        """
        try:
            return self.start() | json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return self.start()

    @contextmanager
    def change(self) -> Iterator[dict[str, Any]]:
        """The document to change in place; it is written at the end unless an exception leaves the block."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            document = self.read()
            yield document
            self._replace(document)

    @contextmanager
    def turn(self, what: str) -> Iterator[None]:
        """Alone at `what` among all processes, until the block is left; the document may be changed meanwhile."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(f".{what}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _replace(self, document: dict[str, Any]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}.new")
        with open(draft, "w", encoding="utf-8", opener=_for_our_eyes_only) as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
        draft.replace(self.path)


def _for_our_eyes_only(path: str, flags: int) -> int:
    """The file holds tokens."""
    return os.open(path, flags, 0o600)
