"""Which reader reads a file, told by what is in it: its name proves nothing."""

import re
from collections.abc import Callable
from typing import Final

from banking.statements import cfonb120, ofx
from banking.statements.money import decimals_of, in_words
from banking.statements.statement import Statement, UnreadableStatement

MAX_BYTES: Final = 50 * 1024 * 1024
FORMATS: Final = "Téléchargez le relevé au format CFONB ou OFX."

_HEAD: Final = 4096
_OFX: Final = re.compile(rb"OFXHEADER|<OFX[>\s]", re.IGNORECASE)
_CFONB: Final = re.compile(rb"0[1457][0-9A-Z]{5}[ 0-9A-Z]{4}[ 0-9A-Z]{5}")
_OTHERS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"%PDF-"), "c’est un PDF"),
    (re.compile(rb"\APK\x03\x04"), "c’est une archive ZIP ou un classeur"),
    (re.compile(rb"\A\xd0\xcf\x11\xe0"), "c’est un classeur Excel"),
    (re.compile(rb"\A(?:\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*)"), "c’est une image"),
    (re.compile(rb"camt\.05[0-9]|<BkToCstmr"), "c’est un relevé CAMT, que MEG Achats ne lit pas encore"),
    (re.compile(rb"^:20:.*^:25:", re.MULTILINE | re.DOTALL), "c’est un relevé MT940, que MEG Achats ne lit pas encore"),
    (re.compile(rb"\A\s*!Type:", re.IGNORECASE), "c’est un fichier QIF, que MEG Achats ne lit pas encore"),
    (re.compile(rb"<html|<!doctype html", re.IGNORECASE), "c’est une page web"),
)


def read_statements(data: bytes) -> list[Statement]:
    """The statements of a CFONB 120 or OFX file. Raises UnreadableStatement, and nothing else."""
    if len(data) > MAX_BYTES:
        raise UnreadableStatement(
            f"Refusé : le fichier dépasse {MAX_BYTES // 1024**2} Mo. Téléchargez une période plus courte."
        )
    if not data.strip(b"\x00\x1a\r\n\t\xef\xbb\xbf "):
        raise UnreadableStatement(f"Refusé : le fichier est vide. {FORMATS}")
    statements = _reader(data)(data)
    for statement in statements:
        _check_bounds(statement)
    return statements


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


def _reader(data: bytes) -> Callable[[bytes], list[Statement]]:
    head = data[:_HEAD]
    if _CFONB.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return cfonb120.read
    for pattern, what in _OTHERS[:4]:
        if pattern.search(head[:1024]):
            raise UnreadableStatement(f"Refusé : {what}. {FORMATS}")
    if _OFX.search(head):
        return ofx.read
    what = next(
        (what for pattern, what in _OTHERS if pattern.search(head)),
        "ce n’est pas un relevé bancaire que MEG Achats connaît",
    )
    raise UnreadableStatement(f"Refusé : {what}. {FORMATS}")
