"""Measure news beside a whole run: `python manage.py shell -c "from bench.news import main; main()"`, on its database.

For each of SIZES makes a company of so many invoices and lines, runs it whole, then matches one new invoice, one new
line, and fifty new invoices at once, each taken back afterwards. Told are the queries and, in milliseconds, the clock
and our own processor; where the database is on this machine, its processor too. The first of the news reads its labels
and builds its queries as a worker does that has just begun.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from achats.models import Kind, PurchaseInvoice, Status
from banking.matching.labels import read_label
from banking.models import BankTransaction, MatchRun
from banking.reconciliation import reconcile_company
from banking.runs.news import match_what_is_new
from bench.reconciling import store
from firms.models import Company, Firm
from tests.banking.matching.dossier import make_dossier

SIZES = (2_000, 60_000)
TIMES = 15
BATCH = 50


@dataclass(frozen=True)
class Spent:
    """Of one run: milliseconds of the clock, of our own processor and of the database's, queries, decisions."""

    clock: float
    own: float
    database: float
    queries: int
    decisions: int


def main(sizes: Sequence[int] = SIZES, months: int = 60) -> None:
    for size in sizes:
        company = made(size, months)
        whole = run_twice(company)
        one = of_news(company)
        print(f"  a whole run takes {whole.clock / one.clock:.0f} times as long as news by the clock,", end=" ")
        print(f"{whole.own / one.own:.0f} by our own processor", flush=True)


def made(size: int, months: int) -> Company:
    firm = Firm.objects.create(code=f"B{time.time_ns()}"[:20], name="Bench")
    company = Company.objects.create(firm=firm, code="BENCH", name="Bench")
    store(company, make_dossier(seed=size, size=size, months=months))
    age(company)
    gather_statistics()
    print(f"{size:,} invoices", flush=True)
    return company


def run_twice(company: Company) -> Spent:
    """The second of two whole runs, which changes little."""
    tell("whole, the first", [spent_on(reconcile_company, company)])
    gather_statistics()
    again = spent_on(reconcile_company, company)
    tell("whole, again", [again])
    return again


def of_news(company: Company) -> Spent:
    """What one new invoice took, the median of TIMES; told with the rest."""
    lines = list(BankTransaction.objects.filter(company=company).unmatched().order_by("pk")[: TIMES + BATCH])
    invoices = PurchaseInvoice.objects.filter(company=company).unsettled().filter(currency="EUR").order_by("pk")
    read_label.cache_clear()
    ones = [taken_back(company, partial(publish, company, [line])) for line in lines[:TIMES]]
    tell("one invoice, the first", ones[:1])
    told = tell("one invoice", ones[1:])
    tell("one invoice of at most ten decisions", [one for one in ones[1:] if one.decisions <= BATCH // 5])
    banked = [taken_back(company, partial(book, lines[0], row)) for row in invoices[:TIMES]]
    tell("one bank line", banked)
    tell(f"{BATCH} invoices", [taken_back(company, partial(publish, company, lines[TIMES:])) for _ in range(3)])
    return told


def taken_back(company: Company, deed: Callable[[], object]) -> Spent:
    """What matching takes after the deed, of which nothing stays."""
    with transaction.atomic():
        deed()
        spent = spent_on(match_what_is_new, company)
        transaction.set_rollback(True)
    return spent


def spent_on(run: Callable[..., MatchRun], company: Company) -> Spent:
    connection.ensure_connection()
    start, own, theirs = time.perf_counter(), time.process_time(), of_database()
    with CaptureQueriesContext(connection) as queries:
        found = run(company_id=company.pk)
    clock, ours = time.perf_counter() - start, time.process_time() - own
    # The two statements that open and end a transaction, or a savepoint, are none of its own.
    asked, decisions = len(queries) - 2, found.automatic + found.suggested
    return Spent(clock * 1000, ours * 1000, (of_database() - theirs) * 1000, asked, decisions)


def of_database() -> float:
    """The seconds that our connection's process of PostgreSQL was running, where it is seen; else nothing."""
    pid = connection.connection.info.backend_pid
    counted = Path(f"/proc/{pid}/schedstat")
    is_seen = counted.exists() and "postgres" in Path(f"/proc/{pid}/comm").read_text()
    return int(counted.read_text().split()[0]) / 1e9 if is_seen else 0.0


def tell(name: str, runs: Sequence[Spent]) -> Spent:
    """The medians of some runs, printed."""
    numbers = [median(getattr(run, field) for run in runs) for field in Spent.__annotations__] if runs else [0] * 5
    clock, own, database, queries, decisions = numbers
    print(f"  {name}: {clock:.0f} ms, {own:.0f} of them our own, {database:.0f} the database's;", end=" ")
    print(f"{queries:.0f} queries, {decisions:.0f} decisions", flush=True)
    return Spent(clock, own, database, round(queries), round(decisions))


def age(company: Company) -> None:
    """All that is there was written long before the first run."""
    long_ago = "2000-01-01T00:00Z"
    PurchaseInvoice.objects.filter(company=company).update(updated_at=long_ago)
    BankTransaction.objects.filter(company=company).update(created_at=long_ago)


def gather_statistics() -> None:
    """As PostgreSQL does by itself within minutes of so many writes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def publish(company: Company, lines: Sequence[BankTransaction]) -> None:
    """An invoice of the cents of each of some lines that wait."""
    PurchaseInvoice.objects.bulk_create(
        PurchaseInvoice(
            company=company,
            kind=Kind.INVOICE if line.amount < 0 else Kind.CREDIT_NOTE,
            status=Status.READY,
            supplier_name=line.label.title(),
            reference=f"NEW{number:06d}",
            issued_on=line.booked_on,
            currency="EUR",
            gross_amount=Decimal(abs(line.amount)),
        )
        for number, line in enumerate(lines)
    )


def book(like: BankTransaction, invoice: PurchaseInvoice) -> None:
    """A line of the cents of an invoice that waits, on the account and statement of another."""
    BankTransaction.objects.create(
        company=like.company,
        account=like.account,
        statement=like.statement,
        booked_on=invoice.issued_on,
        amount=-invoice.sign * (invoice.gross_amount - Decimal(invoice.settled_cents) / 100),
        label=f"VIR {invoice.supplier_name.upper()}"[:200],
        fingerprint="of a new line",
    )
