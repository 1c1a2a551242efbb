"""Measure news beside a whole run: `python manage.py shell -c "from bench.news import main; main()"`, on its database.

Makes a company of SIZE invoices and lines, runs it whole, then adds one invoice and matches it both ways, several times
over: what is told are the seconds of our own processor and of the clock, the queries, and the ratio. The first of the
news reads each label anew, as a worker does that has just begun.
"""

import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from achats.models import Kind, PurchaseInvoice, Status
from banking.matching.labels import read_label
from banking.models import BankTransaction, MatchRun
from banking.news import match_what_is_new
from banking.reconciliation import reconcile_company
from bench.reconciling import store
from firms.models import Company, Firm
from tests.banking.matching.dossier import make_dossier

SIZE = 20_000
TIMES = 5


def main(size: int = SIZE, months: int = 60) -> None:
    firm = Firm.objects.create(code=f"B{time.time_ns()}"[:20], name="Bench")
    company = Company.objects.create(firm=firm, code="BENCH", name="Bench")
    store(company, make_dossier(seed=size, size=size, months=months))
    age(company)
    gather_statistics()
    print(f"{size:,} invoices")
    measure("whole, the first", lambda: reconcile_company(company_id=company.pk))
    gather_statistics()
    lines = list(BankTransaction.objects.filter(company=company).unmatched().order_by("pk")[:TIMES])
    read_label.cache_clear()
    spent = []
    for number, line in enumerate(lines):
        publish(company, line, number)
        spent.append(measure("news", lambda: match_what_is_new(company_id=company.pk)))
    whole = measure("whole, again", lambda: reconcile_company(company_id=company.pk))
    print(f"a whole run takes {whole / median(spent):.0f} times as long as news")


def age(company: Company) -> None:
    """All that is there was written long before the first run."""
    long_ago = "2000-01-01T00:00Z"
    PurchaseInvoice.objects.filter(company=company).update(updated_at=long_ago)
    BankTransaction.objects.filter(company=company).update(created_at=long_ago)


def gather_statistics() -> None:
    """As PostgreSQL does by itself within minutes of so many writes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def publish(company: Company, line: BankTransaction, number: int) -> None:
    """An invoice of the cents of a line that waits."""
    PurchaseInvoice.objects.create(
        company=company,
        kind=Kind.INVOICE if line.amount < 0 else Kind.CREDIT_NOTE,
        status=Status.READY,
        supplier_name=line.label.title(),
        reference=f"NEW{number:06d}",
        issued_on=line.booked_on,
        currency="EUR",
        gross_amount=Decimal(abs(line.amount)),
    )


def measure(name: str, deed: Callable[[], MatchRun]) -> float:
    """The seconds of the clock that the deed took, told."""
    start, own = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        run = deed()
    spent = time.perf_counter() - start
    ours = f"{spent:.3f} s, {time.process_time() - own:.3f} s of them our own"
    print(f"{name}: {run.automatic} automatic, {run.suggested} suggested, {ours}, {len(queries)} queries", flush=True)
    return spent
