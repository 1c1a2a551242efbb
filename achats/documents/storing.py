"""Where the bytes of documents stand: `DOCUMENTS_DIR`/ab/abcd…, by the SHA-256 of their content, never changed."""

import os
import tempfile
from pathlib import Path

from django.conf import settings


def path_of(sha256: str) -> Path:
    """The file of a content."""
    return Path(settings.DOCUMENTS_DIR) / sha256[:2] / sha256


def page_path(sha256: str, number: int) -> Path:
    """The image of page `number` (from 1) of a content."""
    return pages_folder(sha256) / f"{number}.webp"


def pages_folder(sha256: str) -> Path:
    return path_of(sha256).with_name(f"{sha256}.pages")


def keep_bytes(sha256: str, data: bytes) -> None:
    """Write `data` under its content's name; a file that is there with its size is left alone. Raises OSError."""
    path = path_of(sha256)
    if not path.exists() or path.stat().st_size != len(data):
        write_whole(path, data)


def write_whole(path: Path, data: bytes) -> None:
    """The file is whole on the disk, or not there: a name of its own, fsync, rename, fsync again. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _fsync_folder(path.parent)
    _fsync_folder(path.parent.parent)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
