"""The data folder: who owns it now, its secrets, and the note that `up` leaves for the other commands."""

import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from meg.embedded.processes import end, recognise, wait_until
from meg.embedded.refusal import FULL_DISK, Refusal, refusal_for

CHECKOUT = Path(__file__).resolve().parents[2]
LEAST_FREE_BYTES = 200_000_000


def chosen_path() -> Path:
    """`$MEG_DATA_DIR`, else `.data` in the checkout; the settings choose alike."""
    return Path(os.environ.get("MEG_DATA_DIR") or CHECKOUT / ".data").resolve()


class DataFolder:
    """Everything that one running MEG keeps on disk, under `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.note = path / "run.json"
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Create the folder and see that it can be written. Raises Refusal."""
        try:
            # Ours alone; PostgreSQL's system user passes through it when root runs MEG.
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            probe = self.path / f".probe-{os.getpid()}"
            probe.write_bytes(b"0" * 4096)
            probe.unlink()
        except OSError as error:
            raise refusal_for(error, self.path) from error
        if self.free_bytes() < LEAST_FREE_BYTES:
            raise Refusal(FULL_DISK.format(path=self.path))

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.path).free

    def take(self) -> bool:
        """Become the owner; False while another process is. The lock dies with its holder, kill -9 included."""
        lock = (self.path / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        self.clean_up_after_a_dead_owner()
        return True

    @property
    def is_ours(self) -> bool:
        return self._lock is not None

    def release(self) -> None:
        if self._lock:
            self.note.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def clean_up_after_a_dead_owner(self) -> None:
        """End the children of an owner that was killed, and forget its note."""
        end(recognise(self.read_note().get("children", [])), patience=5)
        self.note.unlink(missing_ok=True)

    def read_note(self) -> dict[str, Any]:
        """What the owner wrote down, empty when there is none or it is torn."""
        try:
            note = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def write_note(self, note: dict[str, Any]) -> None:
        write_privately(self.note, json.dumps(note, indent=1))

    def secret(self, name: str) -> str:
        """The random secret called `name`, made on first use and kept for the next start (mode 0600)."""
        path = self.path / "secrets.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        if name not in kept:
            kept[name] = secrets.token_urlsafe(32)
            write_privately(path, json.dumps(kept, indent=1))
        return kept[name]

    def environment(self) -> dict[str, str]:
        """What is not an address and all commands on this folder must share: links that one signs, another reads."""
        return {"MEG_DATA_DIR": str(self.path), "SECRET_KEY": os.environ.get("SECRET_KEY") or self.secret("django")}

    def wait_for_owner(self, *, seconds: float) -> bool:
        """True once this process owns the folder, or once the owner's note says where its servers are."""
        return wait_until(lambda: self.take() or "environment" in self.read_note(), seconds=seconds, every=0.2)


def write_privately(path: Path, text: str) -> None:
    """Write `text` for our eyes only, whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}.new")
    with open(draft, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
