"""Archived rules as a sheet that Excel opens, and the mended sheet back. Pure: text ↔ rows, bytes ↔ text.

UTF-8 with a BOM, « ; » between cells. A cell that a spreadsheet would run as a formula begins with « ' »; it goes again
when the sheet comes back.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from firms.folding import fold

HEADS = (
    "Identifiant", "Fournisseur", "Compte dans Dext", "Nouveau compte", "Compte proposé", "Pourquoi", "Décision",
    "Taux de TVA", "Moyen de paiement", "Délai (jours)", "Description", "Payé d’avance",
)  # fmt: skip
KEY, NEW = "Identifiant", "Nouveau compte"
MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
_RUNS = ("=", "+", "-", "@", "\t", "\r", "'")


class SheetUnreadable(Exception):
    """The file is no sheet of ours. `str()` is one French sentence."""


@dataclass(frozen=True)
class SheetLine:
    """What a line asks: the rule `key` goes to the account `new` (as typed). `number` is the line in the file."""

    number: int
    key: str
    new: str


def write_sheet(rows: Iterable[Iterable[str]]) -> bytes:
    """`rows` in the order of HEADS."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def read_sheet(data: bytes) -> list[SheetLine]:
    """The lines that name a rule; blank ones are passed over. Raises SheetUnreadable."""
    if len(data) > MOST_BYTES:
        raise SheetUnreadable("Le fichier dépasse 5\u00a0Mo\u00a0: importez la feuille exportée d’ici.")
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return _lines(reader)
    except csv.Error as error:
        raise SheetUnreadable(f"Ligne {reader.line_num}\u00a0: illisible.") from error


def guarded(cell: str) -> str:
    """`cell` so that no spreadsheet runs it."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def bare(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") else cell


def _decoded(data: bytes) -> str:
    """Excel writes UTF-8, or the old code page of Windows."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(";,\t", key=head.count)


def _lines(reader) -> list[SheetLine]:
    heads = [fold(head) for head in next(reader, [])]
    missing = [name for name in (KEY, NEW) if fold(name) not in heads]
    if missing:
        names = ", ".join(f"«\u00a0{name}\u00a0»" for name in missing)
        raise SheetUnreadable(f"Il manque la colonne {names}\u00a0: importez la feuille exportée d’ici.")
    key, new = heads.index(fold(KEY)), heads.index(fold(NEW))
    lines, start = [], reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            cells += [""] * (max(key, new) + 1 - len(cells))
            lines.append(SheetLine(start, bare(cells[key].strip()), bare(cells[new].strip())))
        start = reader.line_num + 1
        if len(lines) > MOST_LINES:
            raise SheetUnreadable(f"Plus de {MOST_LINES} lignes\u00a0: importez la feuille exportée d’ici.")
    return lines
