"""OFX bytes → tags with their values, piece by piece: encoding, comments and CDATA, document types refused."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from banking.statements.source import Source, head_of, is_utf8, texts
from banking.statements.statement import AGAIN, UnreadableStatement

# From one tag to the next: far more than any bank writes.
LONGEST: Final = 100_000

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]*)([^<>]*)>")
_CLOSER: Final = re.compile(r"</([A-Za-z][A-Za-z0-9._]*)[^<>]*>")
_DECLARATION: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"<!--|<!\[CDATA\[")
# Of those two patterns, the longest text.
_LONGEST_OPENING: Final = 10
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " ")
_DECLARED: Final = re.compile(
    rb"""CHARSET\s*[:=]\s*"?([A-Za-z0-9_.-]+)|encoding\s*=\s*["']([A-Za-z0-9_.-]+)""", re.IGNORECASE
)
_CODEPAGES: Final = {
    "iso-8859-1": "latin-1",
    "8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "8859-15": "iso8859-15",
    "850": "cp850",
    "cp850": "cp850",
    "437": "cp437",
    "1250": "cp1250",
}


class Tag(NamedTuple):
    """A tag, the text up to the next, and its line in the file."""

    name: str
    value: str
    line: int
    is_closing: bool
    is_empty: bool


def encoding_of(source: Source) -> str:
    """Strict UTF-8 first (banks declare 1252 over it), else the declared code page, else Windows-1252."""
    if is_utf8(source):
        return "utf-8-sig"
    found = _DECLARED.search(head_of(source, 2000))
    declared = (found[1] or found[2]).decode().lower() if found else ""
    return _CODEPAGES.get(declared, "cp1252")


def plain(source: Source, encoding: str) -> Iterator[str]:
    """The text without comments, its CDATA escaped as ordinary values. Raises UnreadableStatement: document types."""
    return _Quoting().plain(text.translate(_CONTROLS) for text in texts(source, encoding))


class _Quoting:
    """Where comments and CDATA begin and end in a text that comes in pieces: what is held of it, and its line."""

    def __init__(self) -> None:
        self.rest, self.line = "", 1
        self.closer = ""
        self.opened = ("", 1)

    def plain(self, pieces: Iterator[str]) -> Iterator[str]:
        for text in pieces:
            self.rest += text
            is_cut = True
            while is_cut:
                piece, is_cut = self._inside() if self.closer else self._outside()
                yield piece
        if self.closer:
            raise _forbidden(*self.opened)
        yield self.rest

    def _outside(self) -> tuple[str, bool]:
        """The text up to the next opening, and whether there is one; the end may hold the beginning of one."""
        opening, tail = _QUOTED.search(self.rest), self.rest.rfind("<", -_LONGEST_OPENING)
        place = opening.start() if opening else len(self.rest) if tail < 0 else tail
        piece = self.rest[:place]
        if declaration := _DECLARATION.search(piece):
            raise _forbidden(declaration[0], self.line + piece.count("\n", 0, declaration.start()))
        self.line += piece.count("\n")
        if opening:
            self.closer, self.opened = ("-->" if opening[0] == "<!--" else "]]>"), (opening[0], self.line)
        self.rest = self.rest[opening.end() if opening else place :]
        return piece, opening is not None

    def _inside(self) -> tuple[str, bool]:
        """What is quoted, as text, and whether its end is there."""
        end = self.rest.find(self.closer)
        is_over = end >= 0
        place = end if is_over else max(len(self.rest) - 2, 0)
        inside = self.rest[:place]
        breaks = inside.count("\n")
        piece = "\n" * breaks if self.closer == "-->" else _escaped(inside)
        self.line += breaks
        self.rest = self.rest[place + 3 if is_over else place :]
        if is_over:
            self.closer = ""
        return piece, is_over


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _forbidden(shown: str, line: int) -> UnreadableStatement:
    return UnreadableStatement(f"Ligne {line} : « {shown} » n’a pas sa place dans un relevé OFX. {AGAIN}", line)


def closers(pieces: Iterator[str]) -> set[str]:
    """The names of all closing tags."""
    names: set[str] = set()
    rest = ""
    for text in pieces:
        buffer = rest + text
        place = buffer.rfind("<")
        rest = buffer[place:] if place >= 0 and len(buffer) - place < LONGEST else ""
        names.update(set(_CLOSER.findall(buffer[: len(buffer) - len(rest)])))
    names.update(_CLOSER.findall(rest))
    return {name.upper() for name in names}


def tags(pieces: Iterator[str]) -> Iterator[Tag]:
    """Each tag in the order of the file; a « < » that begins none is text. Raises UnreadableStatement."""
    rest, line = "", 1
    for text in pieces:
        buffer, counted = rest + text, 0
        tag = None
        for following in _TAG.finditer(buffer):
            if tag:
                line, counted = line + buffer.count("\n", counted, tag.start()), tag.start()
                yield _tag(tag, buffer[tag.end() : following.start()], line)
            tag = following
        # The last tag waits for the end of its value.
        place = tag.start() if tag else buffer.rfind("<")
        place = len(buffer) if place < 0 else place
        line, rest = line + buffer.count("\n", counted, place), buffer[place:]
        if len(rest) > LONGEST:
            raise UnreadableStatement(f"Ligne {line} : une valeur de plus de {LONGEST} caractères. {AGAIN}", line)
    if tag := _TAG.match(rest):
        yield _tag(tag, rest[tag.end() :], line)


def _tag(tag: re.Match[str], value: str, line: int) -> Tag:
    slash, name, more = tag.groups()
    return Tag(name.upper(), value.strip(), line, bool(slash), more.endswith("/"))
