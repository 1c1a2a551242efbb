"""An export of Dext → its rows, each as an item of Dext's API. Pure: a file → `Export`, or `UnreadableExport`."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from dext_connector.exports.archive import Archive, open_export
from dext_connector.exports.columns import Columns, recognise
from dext_connector.exports.rows import ExportedRow, Spelling, row_of
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.exports.values import DMY, MDY, decimal_mark, is_doubtful_day, order_of

MAX_ROWS = 5_000
SEPARATORS = ";,\t|"
HEADER_WITHIN = 10
LONGEST_CELL = 100_000
AMOUNTS = ("total", "vat_amount", "net", "base_total")
DAYS = ("date", "due_date")
WHICH_ORDER = "Les dates se lisent de deux façons\u00a0: dites si le jour ou le mois vient d’abord."


@dataclass(frozen=True)
class Export:
    """What an export says. `date_order` is « dmy », « mdy », or "" where it must be asked before anything is taken.

    `rows` are then those of « dmy », to be looked at only. `loose_files` are the files that no row claims.
    """

    columns: Columns
    rows: tuple[ExportedRow, ...]
    date_order: str
    archive: Archive

    @property
    def loose_files(self) -> list[str]:
        return sorted(self.archive.names - {row.file for row in self.rows})


def read_export(file: BinaryIO, *, filename: str, currency: str, date_order: str = "") -> Export:
    """`currency` is that of an export that names none; `date_order` is believed only where the dates allow both.

    Raises UnreadableExport.
    """
    archive = open_export(file, filename=filename)
    header, lines = _table(_decoded(archive.csv))
    columns = recognise(header)
    if columns.missing:
        names = ", ".join(f"«\u00a0{name}\u00a0»" for name in columns.missing)
        raise UnreadableExport(f"Il manque {names} parmi les colonnes\u00a0: exportez le CSV standard de Dext.")
    order = _order(columns, [cells for _, cells in lines]) or date_order
    spelling = Spelling(columns, order or DMY, _mark(columns, lines), currency, archive.names)
    rows = tuple(row_of(cells, line=line, spelling=spelling) for line, cells in lines)
    _refuse_twice(rows)
    return Export(columns, rows, order, archive)


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16, else what Windows writes in France."""
    encodings = ["utf-8-sig", "cp1252", "latin-1"]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif b"\0" in data[:2]:
        encodings = ["utf-16-be" if data[:1] == b"\0" else "utf-16-le"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableExport("Ce fichier n’est pas un CSV\u00a0: dans Dext, choisissez l’export CSV.")


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the rows that say something with the number of the line on which each ends."""
    if not text.strip():
        raise UnreadableExport("Le fichier est vide.")
    found = [(len(recognise(cells).fields), -line, mark) for mark in SEPARATORS for line, cells in _head(text, mark)]
    known, line, separator = max(found, default=(0, 0, ","))
    if known < 2:
        raise UnreadableExport("Aucune colonne de Dext n’est reconnue\u00a0: exportez le CSV standard de Dext.")
    (_, header), *rows = [(number, cells) for number, cells in _lines(text, separator) if number >= -line]
    if len(rows) > MAX_ROWS:
        raise UnreadableExport(f"L’export contient {len(rows)} lignes, {MAX_ROWS} au plus.")
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            words = f"{len(cells)} valeurs pour {len(header)} colonnes\u00a0: le séparateur est aussi dans une valeur."
            raise UnreadableExport(words, f"ligne {number}")
    if not rows:
        raise UnreadableExport("L’export ne contient aucune ligne.")
    return header, rows


def _head(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The first lines, as far as they can be parted by `separator`."""
    lines = _lines(text[:LONGEST_CELL], separator)
    try:
        for _ in range(HEADER_WITHIN):
            yield next(lines)
    except (StopIteration, UnreadableExport):
        return


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableExport("Cette ligne n’est pas du CSV.", f"ligne {reader.line_num}") from error


def _order(columns: Columns, lines: Sequence[Sequence[str]]) -> str:
    """The order of the dates, "" where it must be asked. Raises UnreadableExport where they do not agree."""
    days = [cell for cells in lines for cell in _cells(columns, cells, DAYS)]
    allowed = order_of(days)
    if not allowed:
        raise UnreadableExport(
            "Des dates ont le jour d’abord, d’autres le mois\u00a0: exportez de nouveau depuis Dext."
        )
    if len(allowed) == 1:
        return allowed.pop()
    return "" if any(is_doubtful_day(day) for day in days) else DMY


def _mark(columns: Columns, lines: Sequence[tuple[int, Sequence[str]]]) -> str:
    return decimal_mark(cell for _, cells in lines for cell in _cells(columns, cells, AMOUNTS))


def _cells(columns: Columns, cells: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        place = columns.fields.get(name)
        if place is not None and place < len(cells):
            yield cells[place]


def _refuse_twice(rows: Sequence[ExportedRow]) -> None:
    """A reference on two rows is one document by line: parts must never be taken for the whole."""
    seen: dict[str, int] = {}
    for row in rows:
        reference = row.payload.get("external_id", "")
        if reference and reference in seen:
            words = f"La référence «\u00a0{reference[:40]}\u00a0» est déjà à la ligne {seen[reference]}"
            raise UnreadableExport(f"{words}\u00a0: exportez une ligne par document.", f"ligne {row.line}")
        seen[reference] = row.line


__all__ = ["DMY", "MDY", "WHICH_ORDER", "Export", "UnreadableExport", "read_export"]
