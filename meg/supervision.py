"""What `up` watches over: children started one after the other, stopped in a fixed order, each death said."""

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from meg.embedded.folder import CHECKOUT, DataFolder
from meg.embedded.processes import Child, spawn, wait_until
from meg.embedded.refusal import FULL_DISK, Refusal

# Seconds that each may take to stop, in this order: 19 in all, then it is killed.
PATIENCE = {"Le planificateur": 2, "Le serveur web": 5, "Le worker": 5, "Valkey": 3, "PostgreSQL": 4}
SAME_SIGNAL_SECONDS = 1
NEARLY_FULL_BYTES = 50_000_000


class Stop(BaseException):
    """Ctrl-C or SIGTERM: raised in whatever `up` is doing, it unwinds to the stopping of all children."""


class Supervisor:
    """The children of one `up`, in the order of their start, and the environment that they share."""

    def __init__(self, folder: DataFolder, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.children: list[Child] = []
        self.asked_at: float | None = None
        self.has_warned = False

    def hear_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first asks; a later one kills. One that comes at once is the same, sent to the group and by make."""
        if self.asked_at is None:
            self.asked_at = time.monotonic()
            raise Stop
        if time.monotonic() - self.asked_at > SAME_SIGNAL_SECONDS:
            for child in self.children:
                child.kill()
            os._exit(130)

    def start(self, name: str, log: str, command: list[str]) -> Child:
        child = self.spawn(name, log, command)
        self.children.append(child)
        self.note()
        return child

    def spawn(self, name: str, log: str, command: list[str]) -> Child:
        path = self.folder.logs / f"{log}.log"
        return spawn(name, command, log=path, cwd=CHECKOUT, env={**os.environ, **self.environment})

    def note(self, **more: object) -> None:
        """Write down who lives, for the start that follows a kill; `more` once the servers may be used by others."""
        identities = [child.identity() for child in self.children if child.is_alive()]
        self.folder.write_note({**self.folder.read_note(), "children": identities, **more})

    def run(self, log: str, command: list[str], *, failed: str) -> None:
        """Run a command to its end while watching the others. Raises Refusal, with `failed`, if it fails."""
        child = self.spawn(failed, log, command)
        try:
            self.watch(until=lambda: not child.is_alive())
        finally:
            child.kill()
        if child.process.returncode:
            raise self.refusal(f"{failed} : voyez {child.log}.")

    def watch(
        self, *, until: Callable[[], bool] = lambda: False, seconds: float = float("inf"), every: float = 0.25
    ) -> bool:
        """Wait until `until()` or for `seconds`; False if these passed. Raises Refusal when a child dies."""
        return wait_until(lambda: self.all_live() and until(), seconds=seconds, every=every)

    def all_live(self) -> bool:
        for child in self.children:
            if not child.is_alive():
                raise self.refusal(death_of(child))
        if self.folder.free_bytes() < NEARLY_FULL_BYTES and not self.has_warned:
            self.has_warned = True
            sys.stderr.write(FULL_DISK.format(path=self.folder.path) + "\n")
        return True

    def refusal(self, sentence: str) -> Refusal:
        """`sentence`, or what explains it better: a full disk."""
        full = self.folder.free_bytes() < NEARLY_FULL_BYTES
        return Refusal(FULL_DISK.format(path=self.folder.path) if full else sentence)

    def stop(self) -> None:
        """Stop all, within 20 s, those who use the others first."""
        self.asked_at = self.asked_at or time.monotonic()
        for name, patience in PATIENCE.items():
            for child in self.children:
                if child.name == name:
                    child.stop(patience=patience)


def death_of(child: Child) -> str:
    code = child.process.returncode
    how = f"tué par le signal {-code}" if code < 0 else f"code {code}"
    return f"{child.name} s’est arrêté de façon inattendue ({how}) : voyez {child.log}."
