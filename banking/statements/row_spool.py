"""Rows of a CSV file set aside on disk, while those of another account are read."""

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final, Self

from banking.statements.csv_table import Row

IN_MEMORY: Final = 1 << 16


class RowSpool:
    """Written row by row, then read back in that order."""

    def __init__(self) -> None:
        self.count = 0
        self._file = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="ascii")  # noqa: SIM115 (closed with this object)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: Row) -> None:
        self._file.write(json.dumps([row.line, row.cells]) + "\n")
        self.count += 1

    def clear(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self.count = 0

    def rows(self) -> Iterator[Row]:
        self._file.seek(0)
        for text in self._file:
            line, cells = json.loads(text)
            yield Row(line, tuple(cells))
