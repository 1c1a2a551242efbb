"""Which reader reads a file, told by what is in it: its name proves nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from banking.statements import camt053, cfonb120, ofx, qif, swift_mt940
from banking.statements.archive import is_zip, members
from banking.statements.csv_reading import stream_csv
from banking.statements.money import decimals_of, in_words
from banking.statements.source import Source, as_utf8, chunks, head_of, size_of
from banking.statements.statement import FORMATS, Event, Statement, StatementLine, UnreadableStatement, gathered
from banking.statements.told import NOTHING_TOLD, Told

MAX_BYTES: Final = 200 * 1024 * 1024

_HEAD: Final = 4096
_BLANKS: Final = b"\x00\x1a\r\n\t\xef\xbb\xbf "
_MOST_DECIMALS: Final = 2
_OFX: Final = re.compile(rb"OFXHEADER|<OFX[>\s]", re.IGNORECASE)
_CFONB: Final = re.compile(rb"0[1457][0-9A-Z]{5}[ 0-9A-Z]{4}[ 0-9A-Z]{5}")
_QIF: Final = re.compile(rb"!(?:Type|Account|Option)\b", re.IGNORECASE)
_MT940: Final = re.compile(rb"^:20:.{0,400}?^:(?:25P?|28C?|60[FM]?):", re.MULTILINE | re.DOTALL)
_CAMT: Final = re.compile(rb"camt\.05[234]|<(?:[A-Za-z0-9_-]+:)?(?:BkToCstmr|Document[\s>])")
_XML: Final = re.compile(rb"<(?:\?xml|!DOCTYPE|!ENTITY)", re.IGNORECASE)
_BINARIES: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"%PDF-"), "c’est un PDF"),
    (re.compile(rb"\A\xd0\xcf\x11\xe0"), "c’est un classeur Excel"),
    (re.compile(rb"\A(?:\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*)"), "c’est une image"),
    (re.compile(rb"\A\s*\{\\rtf"), "c’est un document de traitement de texte"),
    (re.compile(rb"\A(?:\x1f\x8b|Rar!|7z\xbc\xaf)"), "c’est une archive que MEG Achats n’ouvre pas"),
)
_WEB: Final = re.compile(rb"<html|<!doctype html", re.IGNORECASE)


def stream_statements(path: Path, *, told: Told = NOTHING_TOLD) -> Iterator[Event]:
    """The lines of each statement, then the statement itself without them; memory does not grow with the file.

    Lines come in the order of the file, from the newest where their statement says so, those of two statements never
    mixed. Raises UnreadableStatement, and nothing else, perhaps after some events: of that file nothing is then to be
    stored. Among them NeedsTelling where `told` lacks what the file does not say, and csv_reading.UnknownColumns.
    """
    return _events(path, told)


def read_statements(data: bytes, *, told: Told = NOTHING_TOLD) -> list[Statement]:
    """What stream_statements tells of a small file, gathered. Raises UnreadableStatement, and nothing else."""
    return gathered(_events(data, told))


def _events(source: Source, told: Told) -> Iterator[Event]:
    if size_of(source) > MAX_BYTES:
        raise UnreadableStatement(
            f"Refusé : le fichier dépasse {MAX_BYTES // 1024**2} Mo. Téléchargez une période plus courte."
        )
    if not any(chunk.strip(_BLANKS) for chunk in chunks(source)):
        raise UnreadableStatement(f"Refusé : le fichier est vide. {FORMATS}")
    with as_utf8(source) as readable:
        if is_zip(head_of(readable, _HEAD)):
            for name, inside in members(readable, MAX_BYTES):
                yield from _of_member(name, inside, told)
        else:
            yield from _within_bounds(_read(readable, told))


def _of_member(name: str, path: Path, told: Told) -> Iterator[Event]:
    """What a file of the archive holds; a refusal names the file."""
    try:
        yield from _events(path, told)
    except UnreadableStatement as refusal:
        refusal.message = f"« {name[-60:]} » : {refusal.message}"
        raise


def _within_bounds(events: Iterator[Event]) -> Iterator[Event]:
    """What the books can hold: two decimals, twelve figures before them.

    The currency is known with the statement, after its lines: till then they are held to the bound of hundredths.
    """
    doubtful: StatementLine | None = None
    for event in events:
        if isinstance(event, StatementLine):
            if abs(event.amount_cents) >= 10 ** (12 + _MOST_DECIMALS):
                raise _too_large(event, "EUR")
            if doubtful is None and abs(event.amount_cents) >= 10**12:
                doubtful = event
        else:
            _check_bounds(event, doubtful)
            doubtful = None
        yield event


def _check_bounds(statement: Statement, doubtful: StatementLine | None) -> None:
    decimals = decimals_of(statement.currency)
    if decimals > _MOST_DECIMALS:
        raise UnreadableStatement(
            f"Refusé : le compte est en {statement.currency}, et MEG Achats ne tient pas les devises à trois décimales."
        )
    if doubtful and decimals == 0:
        raise _too_large(doubtful, statement.currency)


def _too_large(line: StatementLine, currency: str) -> UnreadableStatement:
    amount = in_words(line.amount_cents, currency)
    return UnreadableStatement(f"Ligne {line.line_number} : montant « {amount} » trop grand.", line.line_number)


def _read(source: Source, told: Told) -> Iterator[Event]:
    head = head_of(source, _HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _CFONB.match(start):
        return cfonb120.stream(source)
    for pattern, what in _BINARIES:
        if pattern.search(head[:1024]):
            raise UnreadableStatement(f"Refusé : {what}. {FORMATS}")
    for pattern, stream in _TEXTS:
        if pattern.search(head):
            return stream(source)
    if _QIF.match(start):
        return qif.stream(source, told)
    if _WEB.search(head):
        raise UnreadableStatement(f"Refusé : c’est une page web. {FORMATS}")
    return camt053.stream(source) if _XML.match(start) else stream_csv(source, told=told)


_TEXTS: Final[tuple[tuple[re.Pattern[bytes], Callable[[Source], Iterator[Event]]], ...]] = (
    (_OFX, ofx.stream),
    (_CAMT, camt053.stream),
    (_MT940, swift_mt940.stream),
)
