"""Which reader reads a file, told by what is in it: its name proves nothing."""

import re
from collections.abc import Callable
from typing import Final

from banking.statements import camt053, cfonb120, ofx, qif, swift_mt940
from banking.statements.archive import is_zip, members
from banking.statements.csv_reading import read_csv
from banking.statements.money import decimals_of, in_words
from banking.statements.statement import FORMATS, Statement, UnreadableStatement
from banking.statements.told import NOTHING_TOLD, Told

MAX_BYTES: Final = 200 * 1024 * 1024

_HEAD: Final = 4096
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
_DECLARED: Final = re.compile(rb"""\A(<\?xml[^>]{0,100}?)\sencoding=["'][^"'>]*["']""")
_WEB: Final = re.compile(rb"<html|<!doctype html", re.IGNORECASE)


def read_statements(data: bytes, *, told: Told = NOTHING_TOLD) -> list[Statement]:
    """The statements of a file, or of the files in a ZIP. Raises UnreadableStatement, and nothing else.

    Among them NeedsTelling where `told` lacks what the file does not say, and csv_reading.UnknownColumns.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableStatement(
            f"Refusé : le fichier dépasse {MAX_BYTES // 1024**2} Mo. Téléchargez une période plus courte."
        )
    if not data.strip(b"\x00\x1a\r\n\t\xef\xbb\xbf "):
        raise UnreadableStatement(f"Refusé : le fichier est vide. {FORMATS}")
    data = _from_utf16(data)
    if is_zip(data):
        return [one for name, inside in members(data, MAX_BYTES) for one in _of_member(name, inside, told)]
    statements = _read(data, told)
    for statement in statements:
        _check_bounds(statement)
    return statements


def _from_utf16(data: bytes) -> bytes:
    """In UTF-8 what begins with the mark of UTF-16 (a spreadsheet's « texte Unicode »), without its declaration."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return _DECLARED.sub(rb"\1", data.decode("utf-16", errors="replace").encode(), count=1)


def _of_member(name: str, data: bytes, told: Told) -> list[Statement]:
    """What a file of the archive holds; a refusal names the file."""
    try:
        return read_statements(data, told=told)
    except UnreadableStatement as refusal:
        refusal.message = f"« {name[-60:]} » : {refusal.message}"
        raise


def _check_bounds(statement: Statement) -> None:
    """What the books can hold: two decimals, twelve figures before them."""
    decimals = decimals_of(statement.currency)
    if decimals > 2:
        raise UnreadableStatement(
            f"Refusé : le compte est en {statement.currency}, et MEG Achats ne tient pas les devises à trois décimales."
        )
    for line in statement.lines:
        if abs(line.amount_cents) >= 10 ** (12 + decimals):
            amount = in_words(line.amount_cents, statement.currency)
            raise UnreadableStatement(f"Ligne {line.line_number} : montant « {amount} » trop grand.", line.line_number)


def _read(data: bytes, told: Told) -> list[Statement]:
    head = data[:_HEAD]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _CFONB.match(start):
        return cfonb120.read(data)
    for pattern, what in _BINARIES:
        if pattern.search(head[:1024]):
            raise UnreadableStatement(f"Refusé : {what}. {FORMATS}")
    for pattern, read in _TEXTS:
        if pattern.search(head):
            return read(data)
    if _QIF.match(start):
        return qif.read(data, told)
    if _WEB.search(head):
        raise UnreadableStatement(f"Refusé : c’est une page web. {FORMATS}")
    return camt053.read(data) if _XML.match(start) else read_csv(data, told=told)


_TEXTS: Final[tuple[tuple[re.Pattern[bytes], Callable[[bytes], list[Statement]]], ...]] = (
    (_OFX, ofx.read),
    (_CAMT, camt053.read),
    (_MT940, swift_mt940.read),
)
