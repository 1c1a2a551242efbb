"""A folder where a bank's client drops statements: each is imported once, and moved aside with what came of it."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from banking.imports.importing import REFUSALS, StatementTooLarge, bring_statement, read_now
from firms.lookup import CompanyNotFound, company_by_code
from firms.models import Company

logger = logging.getLogger(__name__)
SETTLED_SECONDS = 10
DONE, REFUSED = "traités", "refusés"
LOCK = ".meg-verrou"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """A file that was taken, and why it was refused, or nothing."""

    name: str
    refusal: str = ""


def watch_firms(*, root: Path, at: datetime) -> list[Taken]:
    """Take what waits in `root`/FIRM/COMPANY, by their codes; a folder of nobody is left alone."""
    taken = []
    for folder in sorted(root.glob("*/*")):
        if folder.is_dir() and not folder.name.startswith("."):
            try:
                company = company_by_code(code=folder.name, firm_code=folder.parent.name)
            except CompanyNotFound as error:
                logger.warning("watched folder %s: %s", folder, error)
            else:
                taken += watch_folder(folder=folder, company=company, at=at)
    return taken


def watch_folder(*, folder: Path, company: Company, at: datetime) -> list[Taken]:
    """Import what has settled in the folder, and move it; nothing where another does it now.

    Where the process dies between the two, the file is imported again, and adds nothing. A file that cannot be moved
    is left for the next time. Raises OSError where the folder itself cannot be read.
    """
    with _alone_in(folder) as is_alone:
        return [one for path in _settled(folder, at) if (one := _take(path, company, at))] if is_alone else []


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Whether nobody else takes files here; the lock goes with its process."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _settled(folder: Path, at: datetime) -> list[Path]:
    """The files that nobody has written to for SETTLED_SECONDS, by name."""
    found = [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()]
    kept = [path for path in found if not path.is_symlink() and not path.name.lower().endswith(UNFINISHED)]
    return sorted(path for path in kept if _age(path, at) >= SETTLED_SECONDS)


def _age(path: Path, at: datetime) -> float:
    """Seconds since its last change, of content or of name: a copy may bring its own date of content."""
    status = path.stat()
    return at.timestamp() - max(status.st_mtime, status.st_ctime)


def _take(path: Path, company: Company, at: datetime) -> Taken | None:
    try:
        refusal = _import(path, company)
        _move(path, REFUSED if refusal else DONE, at, refusal)
    except OSError:
        logger.exception("watched file %s", path)
        return None
    return Taken(path.name, refusal)


def _import(path: Path, company: Company) -> str:
    """Nothing, or why the file was not stored."""
    try:
        with path.open("rb") as source:
            chunks = iter(lambda: source.read(PIECE), b"")
            brought = bring_statement(company=company, chunks=chunks, filename=path.name)
        read_now(brought)
    except (*REFUSALS, StatementTooLarge) as refusal:
        return refusal.message
    return ""


def _move(path: Path, aside: str, at: datetime, refusal: str) -> None:
    """Beside what is there already, never over it; the reason is there before its file."""
    folder = path.parent / aside
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}-{at:%Y%m%dT%H%M%S}-{os.urandom(3).hex()}{path.suffix}"
    if refusal:
        target.with_name(f"{target.name}.txt").write_text(f"{refusal}\n", encoding="utf-8")
    path.rename(target)
