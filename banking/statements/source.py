"""A bank file as it lies: a path, or bytes in hand. Read in pieces, as often as a reader likes, never whole."""

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final

from banking.statements.statement import AGAIN, UnreadableStatement

Source = bytes | Path

CHUNK: Final = 1 << 16
# Characters of one line of a text file: no bank writes so long a one.
LONGEST_LINE: Final = 100_000

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ONLY_1252: Final = re.compile(b"[\x80-\x9f]")
_DECLARED: Final = re.compile(r"""\A(<\?xml[^>]{0,100}?)\sencoding=["'][^"'>]*["']""")


def opened(source: Source) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def size_of(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def chunks(source: Source) -> Iterator[bytes]:
    with opened(source) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def head_of(source: Source, length: int) -> bytes:
    with opened(source) as file:
        return file.read(length)


def is_utf8(source: Source) -> bool:
    """True where every byte of the file is strict UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks(source):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def encoding_of(source: Source) -> str:
    """By its mark, else UTF-16 by its zeros, else strict UTF-8, else Windows-1252 or ISO 8859-15."""
    start = head_of(source, 2000)
    if start.startswith(_UTF16):
        return "utf-16"
    if start.count(0) > len(start) // 3:
        return "utf-16-be" if start[:1] == b"\x00" else "utf-16-le"
    if start.startswith(codecs.BOM_UTF8) or is_utf8(source):
        return "utf-8-sig"
    return "cp1252" if any(map(_ONLY_1252.search, chunks(source))) else "iso8859-15"


def refuse_zeros(source: Source, encoding: str) -> None:
    """Raises UnreadableStatement where a zero character stands in the text."""
    if not encoding.startswith("utf-16") and not any(b"\x00" in chunk for chunk in chunks(source)):
        return
    line = 1
    with _text(source, encoding, newline="\n") as text:
        while chunk := text.read(CHUNK):
            if "\x00" in chunk:
                line += chunk.count("\n", 0, chunk.index("\x00"))
                raise UnreadableStatement(f"Ligne {line} : caractère nul, le fichier est abîmé. {AGAIN}", line)
            line += chunk.count("\n")


def _text(source: Source, encoding: str, newline: str | None) -> TextIOWrapper:
    return TextIOWrapper(opened(source), encoding, errors="replace", newline=newline)


def texts(source: Source, encoding: str) -> Iterator[str]:
    """The text in pieces, its line breaks as they are."""
    with _text(source, encoding, newline="") as text:
        while piece := text.read(CHUNK):
            yield piece


def cut_lines(source: Source, encoding: str, length: int, *, newline: str | None = None) -> Iterator[str]:
    """Each line, with its break, in pieces of `length` characters at most; \\r\\n, \\r and \\n break, as \\n.

    With `newline` the empty string, they are left as they are.
    """
    with _text(source, encoding, newline) as text:
        while piece := text.readline(length):
            yield piece


def lines(source: Source, encoding: str, *, newline: str | None = None) -> Iterator[str]:
    """Each line with its break. Raises UnreadableStatement at one that is too long to be a bank's."""
    pieces = cut_lines(source, encoding, LONGEST_LINE, newline=newline)
    for number, piece in enumerate(pieces, start=1):
        if len(piece) == LONGEST_LINE:
            raise UnreadableStatement(
                f"Ligne {number} : plus de {LONGEST_LINE} caractères, ce n’est pas un relevé. {AGAIN}", number
            )
        yield piece


@contextmanager
def as_utf8(source: Source) -> Iterator[Source]:
    """The file, or a copy in UTF-8 of one that begins with the mark of UTF-16 (a spreadsheet's « texte Unicode »).

    An XML declaration of the encoding is taken out of the copy.
    """
    if not head_of(source, 2).startswith(_UTF16):
        yield source
        return
    with temporary_file() as (file, path):
        for place, piece in enumerate(texts(source, "utf-16")):
            text = piece if place else _DECLARED.sub(r"\1", piece, count=1)
            file.write(text.encode(errors="replace"))
        file.flush()
        yield path


@contextmanager
def temporary_file() -> Iterator[tuple[BinaryIO, Path]]:
    with NamedTemporaryFile(prefix="meg-statement-") as file:
        yield file.file, Path(os.fspath(file.name))  # type: ignore[misc]
