"""CSV that a French spreadsheet opens by itself: UTF-8 with its mark, « ; », CRLF; no cell is ever a formula. Pure."""

import csv
from collections.abc import Iterable, Iterator, Sequence

MARK = "\ufeff"
# What a spreadsheet would take for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file, line by line, its rows read as it is sent."""
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield f"{MARK}{writer.writerow(head)}".encode()
    for cells in rows:
        yield str(writer.writerow([safe(cell) for cell in cells])).encode()


def safe(cell: str) -> str:
    """A text that begins as a formula does bears an apostrophe; a number does not need one."""
    is_number = cell.removeprefix("-").replace(",", "").isdecimal()
    return f"'{cell}" if cell.startswith(DANGEROUS) and not is_number else cell
