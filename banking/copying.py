"""Bank lines into PostgreSQL by COPY: a row is never an object, and 100,000 of them cost one command a batch."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from itertools import batched

from django.db import connection

from banking.holdings import amount
from banking.models import BankStatement, BankTransaction
from banking.statements.overlap import Marked

BATCH = 5_000
COLUMNS = (
    "company_id",
    "account_id",
    "statement_id",
    "booked_on",
    "value_on",
    "amount",
    "label",
    "detail",
    "kind",
    "bank_reference",
    "creditor_identifier",
    "mandate",
    "fingerprint",
    "allocated_cents",
    "is_ignored",
    "created_at",
)


def copy_lines(
    new: Sequence[Marked], rows: Mapping[int, BankStatement], *, at: datetime, told: Callable[[int], None]
) -> None:
    """Store the lines, in their order; `rows` maps a statement's place in memory to its row.

    `told` hears after each batch how many stand. Raises IntegrityError where a line is there already.
    """
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    command = f"COPY \"{BankTransaction._meta.db_table}\" ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
    stored = 0
    with connection.cursor() as cursor:
        for batch in batched(_records(new, rows, at), BATCH, strict=False):
            text = StringIO()
            csv.writer(text).writerows(batch)
            text.seek(0)
            cursor.copy_expert(command, text)
            stored += len(batch)
            told(stored)


def _records(new: Sequence[Marked], rows: Mapping[int, BankStatement], at: datetime) -> Iterator[tuple]:
    for statement, line, mark in new:
        row = rows[id(statement)]
        yield (
            row.company_id,
            row.account_id,
            row.pk,
            line.booked_on,
            line.value_on or "\\N",
            amount(line.amount_cents, statement.currency),
            line.label[:200],
            line.detail,
            line.kind[:20],
            line.bank_reference[:255],
            line.complements.creditor_identifier[:35],
            line.complements.mandate[:35],
            mark,
            0,
            False,
            at,
        )
