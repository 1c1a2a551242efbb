"""Measure whole imports: `python manage.py shell -c "from bench.importing import main; main()"`, on its database.

For CFONB 120 files of LINES lines, each in a process of its own: how long it takes to keep, read and store the file,
again when it is known, and the most memory of the process. The reference, measured beside it, is the least that storing
could cost: the rows that came of the file, by one COPY from a file into a table without index nor constraint.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, connections

LINES = (10_000, 100_000, 500_000)
FIRST = date(2026, 1, 1)
DAYS = 300
PIECE = 1024 * 1024


def main(sizes: tuple[int, ...] = LINES) -> None:
    print("lines | MB | reference | new | known | new ÷ reference | most memory, before → new → known")
    for lines in sizes:
        with tempfile.NamedTemporaryFile() as file:
            apart(write, Path(file.name), lines)
            apart(measure, Path(file.name), lines)


def apart(deed: Callable[[Path, int], None], path: Path, lines: int) -> None:
    """In a process of its own: the memory of one file says nothing of another."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=deed, args=(path, lines))
    process.start()
    process.join()


def write(path: Path, lines: int) -> None:
    from tests.banking.statements.writers import Move, cfonb

    moves = [Move(FIRST + timedelta(days=n * DAYS // lines), -(n % 99_999) - 1, f"PRLV {n}") for n in range(lines)]
    text = cfonb(moves, opening_on=FIRST - timedelta(days=1), closing_on=FIRST + timedelta(days=DAYS))
    path.write_text(text, encoding="ascii")


def measure(path: Path, lines: int) -> None:
    from banking.imports.importing import bring_statement, read_now
    from firms.models import Company, Firm

    firm = Firm.objects.create(code=f"B{time.time_ns()}"[:20], name="Bench")
    company = Company.objects.create(firm=firm, code="BENCH", name="Bench")

    def run(wanted: int) -> None:
        with path.open("rb") as file:
            chunks = iter(lambda: file.read(PIECE), b"")
            brought = bring_statement(company=company, chunks=chunks, filename="bench.txt", create_account=True)
        added = read_now(brought).added
        if added != wanted:
            raise RuntimeError(f"{added} lines added, {wanted} expected")

    memory = [most_memory()]
    new = seconds(lambda: run(lines))
    memory.append(most_memory())
    known = seconds(lambda: run(0))
    memory.append(most_memory())
    reference = copy_bare(company.pk)
    rates = " | ".join(f"{lines / spent:,.0f}/s" for spent in (reference, new, known))
    peaks = " → ".join(f"{peak} MB" for peak in memory)
    print(f"{lines:,} | {path.stat().st_size / PIECE:.0f} | {rates} | ×{new / reference:.1f} | {peaks}", flush=True)


def copy_bare(company_id: UUID) -> float:
    """Seconds for the lines of the company, as they stand, into a table that asks nothing of them."""
    with tempfile.TemporaryFile() as rows, connection.cursor() as cursor:
        chosen = f"SELECT * FROM banking_banktransaction WHERE company_id = '{company_id}'"
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT", rows)
        rows.seek(0)
        cursor.execute("CREATE UNLOGGED TABLE bench_bare (LIKE banking_banktransaction)")
        spent = seconds(lambda: cursor.copy_expert("COPY bench_bare FROM STDIN", rows))
        cursor.execute("DROP TABLE bench_bare")
        return spent


def seconds(deed: Callable[[], None]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
