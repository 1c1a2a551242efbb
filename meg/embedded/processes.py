"""Children that live in their own session, die with their parent, and are recognised when they did not."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

LOG_LIMIT_BYTES = 10_000_000
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """One server: what it is called in French, its process, and how it is asked to stop."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_alive():
            self.process.send_signal(self.stop_signal)

    def stop(self, *, patience: float) -> None:
        """Ask, wait `patience` seconds, then kill; its own children go with it."""
        self.ask_to_stop()
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self) -> None:
        """End what is left of its session, itself included."""
        end(session_members(self.process.pid))
        self.process.wait()

    def identity(self) -> dict[str, object]:
        """What `recognise` needs later: a pid alone may have been given to another process."""
        return {"name": self.name, "pid": self.process.pid, "started": psutil.Process(self.process.pid).create_time()}


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child in its own session (it never hears Ctrl-C), its output appended to `log`."""
    with open_log(log) as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=dying_with_parent(stop_signal),
            **as_user(user),
        )
    return Child(name=name, process=process, log=log, stop_signal=stop_signal)


def as_user(user: int | None) -> dict:
    """Arguments for subprocess that drop root for the system user whose id is `user`."""
    return {} if user is None else {"user": user, "group": user_group(user), "extra_groups": []}


def user_group(user: int) -> int:
    import pwd

    try:
        return pwd.getpwuid(user).pw_gid
    except KeyError:
        return user


def open_log(path: Path) -> IO[bytes]:
    """The log, to append to; one generation of an old large one is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def dying_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """On Linux, what a child does before exec so that it gets `death_signal` when its parent dies; elsewhere none.

    It runs after the change of user, which would clear it.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def recognise(identities: Iterable[Mapping[str, object]]) -> list[psutil.Process]:
    """What still lives of the children that a dead owner wrote down: they, and the members of their sessions.

    A pid that now belongs to a younger process is not believed.
    """
    alive: list[psutil.Process] = []
    for identity in identities:
        pid, started = int(str(identity["pid"])), float(str(identity["started"]))
        if psutil.pid_exists(pid) and abs(start_of(pid) - started) > 1:
            continue
        alive += session_members(pid)
    return alive


def start_of(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def session_members(leader: int) -> list[psutil.Process]:
    """Every live process of the session that `leader` opened, even after its death."""
    return [process for process in psutil.process_iter() if session_of(process) == leader]


def session_of(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (psutil.Error, OSError):
        return None


def working_in(folder: Path, *, named: str) -> list[psutil.Process]:
    """Processes whose name begins with `named` and whose working directory is `folder`: servers that nobody owns."""
    return [
        process
        for process in psutil.process_iter(["cwd", "name"])
        if process.info["cwd"] == str(folder) and (process.info["name"] or "").startswith(named)
    ]


def end(processes: list[psutil.Process], *, by: signal.Signals = signal.SIGKILL, patience: float = 10) -> None:
    """Signal all of them, wait `patience` seconds, then kill those that are left."""
    for process in processes:
        _signal(process, by)
    _, left = psutil.wait_procs(processes, timeout=patience)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        pass


def comes_up(child: Child, answers: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until the server answers; one that does not, or whose start is interrupted, is killed."""
    came_up = False
    try:
        came_up = wait_until(lambda: answers() or not child.is_alive(), seconds=seconds) and child.is_alive()
    finally:
        if not came_up:
            child.kill()
    return came_up


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """True as soon as `ready()`, False when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(every)
    return False
