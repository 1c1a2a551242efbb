"""Rows into PostgreSQL by COPY: a row is never an object, and no more of them are in memory than one command takes."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from itertools import batched

from django.db import connection

BATCH = 2_000


def copy_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, told: Callable[[int], None] | None = None
) -> int:
    """Store rows in their order, None as NULL: how many. `told` hears after each batch. Raises what PostgreSQL refuses.

    Rows are drawn as they are stored: their reader may read from the database between two batches.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    command = f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)'
    stored = 0
    with connection.cursor() as cursor:
        for batch in batched(rows, BATCH, strict=False):
            text = StringIO()
            csv.writer(text, quoting=csv.QUOTE_NOTNULL).writerows(batch)
            text.seek(0)
            cursor.copy_expert(command, text)
            stored += len(batch)
            if told:
                told(stored)
    return stored
