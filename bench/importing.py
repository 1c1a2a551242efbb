"""Measure a whole import: `python manage.py shell -c "from bench.importing import main; main()"`, on its database.

Prints, for a CFONB 120 file of LINES lines, how long it takes to keep, read and store it, again when it is known, and
the most memory of the process.
"""

import resource
import time
from collections.abc import Callable
from datetime import date, timedelta

from banking.importing import import_statement
from firms.models import Company, Firm

LINES = 100_000


def main(lines: int = LINES) -> None:
    from tests.banking.statements.writers import Move, cfonb

    first = date(2026, 1, 1)
    moves = [Move(first + timedelta(days=n * 300 // lines), -(n % 99_999) - 1, f"PRLV {n}") for n in range(lines)]
    data = cfonb(moves, opening_on=first - timedelta(days=1), closing_on=first + timedelta(days=300)).encode()
    firm = Firm.objects.create(code=f"B{time.time_ns()}"[:20], name="Bench")
    company = Company.objects.create(firm=firm, code="BENCH", name="Bench")
    print(f"{lines} lines, {len(data) / 1024**2:.1f} MB; before: {_most_memory()} MB")

    def run() -> int:
        return import_statement(company=company, data=data, filename="bench.txt", create_account=True).added

    for name in ("new", "known"):
        added, seconds = _timed(run)
        print(f"{name}: {added} added, {seconds:.1f} s, {lines / seconds:.0f} lines/s, at most {_most_memory()} MB")


def _timed(deed: Callable[[], int]) -> tuple[int, float]:
    start = time.perf_counter()
    return deed(), time.perf_counter() - start


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
