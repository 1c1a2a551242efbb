"""The text of a CSV file → its rows: separator and line numbers. Whatever the bank."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from banking.statements.statement import AGAIN, UnreadableStatement

SEPARATORS: Final = (";", ",", "\t", "|")
# Rows among which the header is looked for.
HEAD: Final = 40
CELL_LENGTH: Final = 10_000

_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells without their blanks, and the line of the file where the row begins."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)

    def cell(self, place: int | None) -> str:
        """The cell at a place, or nothing where the row is short or the place unknown."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""


def rows(texts: Iterator[str], separator: str) -> Iterator[Row]:
    """Every row of these lines, blank ones too. Raises UnreadableStatement where a quotation mark is not closed."""
    reader = csv.reader(texts, delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableStatement(
                f"Ligne {line} : guillemets ouverts sans être refermés, ou mal placés. {AGAIN}", line
            ) from None
        yield Row(line, tuple(_cell(cell, line) for cell in cells))
        line = reader.line_num + 1


def _cell(cell: str, line: int) -> str:
    """Without blanks around, nor the formula that banks put around account numbers: ="0001234"."""
    cell = cell.strip()
    if len(cell) > CELL_LENGTH:
        raise UnreadableStatement(f"Ligne {line} : une case de plus de {CELL_LENGTH} caractères. {AGAIN}", line)
    if cell.startswith('="') and (found := _FORMULA.fullmatch(cell)):
        return found[1].strip()
    return cell


def first_rows(texts: Iterator[str], separator: str) -> list[Row]:
    """Those where a header may be, as far as they can be read."""
    found: list[Row] = []
    try:
        for row in islice(rows(texts, separator), HEAD):
            found.append(row)
    except UnreadableStatement:
        pass
    return found


def likeliest(texts: Callable[[], Iterator[str]]) -> tuple[str, list[Row], int] | None:
    """Separator, first rows and place of the header of a table that nobody knows; None where there is no table.

    The header is the first of the widest rows that holds no figure in most of its cells.
    """
    best: tuple[int, str, list[Row], int] | None = None
    for separator in SEPARATORS:
        found = first_rows(texts(), separator)
        width = _width(found)
        place = next((n for n, row in enumerate(found) if len(row.cells) == width and _is_header(row)), None)
        if width >= 2 and place is not None and (best is None or width > best[0]):
            best = (width, separator, found, place)
    return best[1:] if best else None


def _width(found: list[Row]) -> int:
    """The number of columns that most rows have, of two rows at least."""
    counts: dict[int, int] = {}
    for row in found:
        if not row.is_blank:
            counts[len(row.cells)] = counts.get(len(row.cells), 0) + 1
    width = max(counts, key=lambda many: (counts[many], many), default=0)
    return width if counts.get(width, 0) >= 2 else 0


def _is_header(row: Row) -> bool:
    names = [cell for cell in row.cells if cell]
    return len(names) * 2 > len(row.cells) and not any(re.search("[0-9]", name) for name in names[:2])
