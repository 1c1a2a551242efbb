"""The files of a ZIP, as some banks deliver statements: bounded in number, size and ratio, not encrypted, one level."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from banking.statements.source import CHUNK, Source, opened, temporary_file
from banking.statements.statement import UnreadableStatement

MAX_FILES: Final = 100
MAX_RATIO: Final = 200
# Below this size a high ratio is a short file of blanks, not a bomb.
SMALL: Final = 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_PASSED_OVER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_WORKBOOK: Final = {"[Content_Types].xml", "mimetype"}


def is_zip(start: bytes) -> bool:
    return start.startswith(_ZIP)


def members(source: Source, max_bytes: int) -> Iterator[tuple[str, Path]]:
    """Name and place of each file inside, of at most `max_bytes` together, unpacked while it is its turn.

    Raises UnreadableStatement.
    """
    try:
        with opened(source) as file, zipfile.ZipFile(file) as archive:
            found = [info for info in archive.infolist() if _counts(info)]
            _check(found, archive, max_bytes)
            for info in found:
                with temporary_file() as (copy, path):
                    _unpack(archive, info, copy)
                    yield info.filename, path
    # What zipfile raises on torn, lying or unknown archives is nowhere told in one list: these were met in fuzzing.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError, ValueError):
        raise UnreadableStatement(
            "Refusé : l’archive ZIP est coupée ou abîmée. Téléchargez-la à nouveau, ou importez les relevés un à un."
        ) from None


def _counts(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    return not info.is_dir() and not name.startswith(_PASSED_OVER[0]) and not name.endswith(_PASSED_OVER[1:])


def _check(found: list[zipfile.ZipInfo], archive: zipfile.ZipFile, max_bytes: int) -> None:
    if _WORKBOOK & set(archive.namelist()):
        raise _refusal("c’est un classeur (Excel ou LibreOffice)", "Enregistrez-le en CSV")
    if not found:
        raise _refusal("l’archive ZIP est vide", "Mettez-y des relevés")
    if len(found) > MAX_FILES:
        raise _refusal(f"l’archive ZIP contient {len(found)} fichiers, {MAX_FILES} au plus", "Coupez-la en plusieurs")
    if any(info.flag_bits & 0x1 for info in found):
        raise _refusal("l’archive ZIP est protégée par un mot de passe", "Enlevez le mot de passe")
    if sum(info.file_size for info in found) > max_bytes:
        raise _refusal(f"l’archive ZIP dépasse {max_bytes // 1024**2} Mo une fois ouverte", "Coupez-la en plusieurs")
    for info in found:
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise _refusal(f"« {info.filename[-60:]} » est trop compressé pour un relevé", "Importez-le sans archive")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, copy: BinaryIO) -> None:
    left = info.file_size
    with archive.open(info) as file:
        while chunk := file.read(CHUNK):
            if left == info.file_size and is_zip(chunk):
                raise _refusal(f"« {info.filename[-60:]} » est une archive dans l’archive", "Ouvrez-la d’abord")
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile
            copy.write(chunk)
    copy.flush()


def _refusal(what: str, mend: str) -> UnreadableStatement:
    return UnreadableStatement(f"Refusé : {what}. {mend}, puis importez à nouveau.")
