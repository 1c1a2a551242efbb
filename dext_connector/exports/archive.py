"""The ZIP that Dext makes (« CSV + images »), or its CSV alone, opened without trusting it. Pure: a file → its parts.

Nothing is ever extracted to the disk. Names that leave the folder, a ZIP in the ZIP, encryption and bombs are refused;
sizes are counted while they are read, never believed.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dext_connector.exports.unreadable import UnreadableExport

MAX_ENTRIES = 5_000
MAX_CSV_BYTES = 10 * 1024 * 1024
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_TOTAL_BYTES = 2 * 1024 * 1024 * 1024
MAX_RATIO = 200
_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_OF_THE_MACHINE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_DAMAGED = "Le ZIP est abîmé\u00a0: téléchargez de nouveau l’export dans Dext."


@dataclass(frozen=True)
class Archive:
    """The CSV, and how to read each other file by its last name; `read` raises UnreadableExport."""

    csv: bytes
    csv_name: str
    names: frozenset[str] = frozenset()
    read: Callable[[str], bytes] = field(default=lambda name: b"")


def open_export(file: BinaryIO, *, filename: str) -> Archive:
    """`file` is seekable and stays open as long as the archive is read. Raises UnreadableExport."""
    head = file.read(4)
    file.seek(0)
    if head[:2] != b"PK":
        data = file.read(MAX_CSV_BYTES + 1)
        if len(data) > MAX_CSV_BYTES:
            raise UnreadableExport("Le CSV dépasse 10 Mo\u00a0: exportez moins d’éléments à la fois.")
        return Archive(data, filename)
    try:
        archive = ZipFile(file)
        entries = _checked([entry for entry in archive.infolist() if not entry.is_dir() and not _is_ignored(entry)])
    except _BROKEN as error:
        raise UnreadableExport(_DAMAGED) from error
    name = _csv_of(entries)
    return Archive(
        _read(archive, entries[name], MAX_CSV_BYTES),
        name,
        frozenset(entries.keys() - {name}),
        lambda wanted: _read(archive, entries[wanted], MAX_FILE_BYTES),
    )


def _is_ignored(entry: ZipInfo) -> bool:
    return entry.filename.startswith(_OF_THE_MACHINE[0]) or entry.filename.endswith(_OF_THE_MACHINE[1:])


def _checked(found: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Each entry by its last name."""
    if len(found) > MAX_ENTRIES:
        raise UnreadableExport(f"Le ZIP contient {len(found)} fichiers, {MAX_ENTRIES} au plus.")
    if sum(entry.file_size for entry in found) > MAX_TOTAL_BYTES:
        raise UnreadableExport("Le contenu du ZIP dépasse 2 Go\u00a0: exportez moins d’éléments à la fois.")
    entries: dict[str, ZipInfo] = {}
    for entry in found:
        name = _safe_name(entry)
        if name in entries:
            raise UnreadableExport("Deux fichiers du ZIP portent ce nom.", _place(entry))
        entries[name] = entry
    return entries


def _safe_name(entry: ZipInfo) -> str:
    """The last part of its name. Raises UnreadableExport for what Dext would never write."""
    path = entry.filename.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or not path.isprintable():
        raise UnreadableExport("Ce nom de fichier sort du dossier\u00a0: le ZIP ne vient pas de Dext.", _place(entry))
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableExport("Le ZIP est protégé par un mot de passe\u00a0: retirez-le avant de l’importer.")
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise UnreadableExport("Le ZIP est comprimé d’une manière que Dext n’emploie pas\u00a0: exportez de nouveau.")
    if path.lower().endswith(_ARCHIVES):
        raise UnreadableExport("Une archive est dans le ZIP\u00a0: importez-la à part.", _place(entry))
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1024):
        raise UnreadableExport("Ce fichier est comprimé au-delà du plausible.", _place(entry))
    return parts[-1]


def _csv_of(entries: dict[str, ZipInfo]) -> str:
    names = [name for name in entries if name.lower().endswith(".csv")]
    if not names:
        raise UnreadableExport("Le ZIP ne contient pas de CSV\u00a0: dans Dext, choisissez l’export « CSV + images ».")
    if len(names) > 1:
        raise UnreadableExport(f"Le ZIP contient {len(names)} fichiers CSV\u00a0: gardez celui de l’export.")
    return names[0]


def _read(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    try:
        with archive.open(entry) as stream:
            data = stream.read(most + 1)
    except _BROKEN as error:
        raise UnreadableExport(_DAMAGED, _place(entry)) from error
    if len(data) > most:
        raise UnreadableExport(f"Ce fichier dépasse {most // 1024 // 1024} Mo.", _place(entry))
    return data


def _place(entry: ZipInfo) -> str:
    return f"fichier «\u00a0{entry.filename[:80]}\u00a0»"
