"""Where the bytes of statements stand: `STATEMENTS_DIR`/ab/abcd…, by the SHA-256 of their content, never served."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

MAX_BYTES = 200 * 1024 * 1024
TOO_LARGE = "dépasse 200 Mo : téléchargez une période plus courte."


class StatementTooLarge(Exception):
    """More than MAX_BYTES. `message` is for the accountant."""

    def __init__(self, filename: str) -> None:
        self.message = f"Refusé : « {filename} » {TOO_LARGE}"
        super().__init__(self.message)


def path_of(sha256: str) -> Path:
    """The file of a content."""
    return Path(settings.STATEMENTS_DIR) / sha256[:2] / sha256


def keep_file(chunks: Iterable[bytes], *, filename: str) -> tuple[str, int]:
    """Write the file whole on the disk, or not at all, piece by piece: (its SHA-256, its size).

    Raises StatementTooLarge as soon as it is, or OSError (a full disk).
    """
    root = Path(settings.STATEMENTS_DIR)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            sha256 = _write(file, chunks, filename)
            size = file.tell()
            file.flush()
            os.fsync(file.fileno())
        path = path_of(sha256)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256, size


def _write(file, chunks: Iterable[bytes], filename: str) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            raise StatementTooLarge(filename)
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()
