"""Measure a whole run: `python manage.py shell -c "from bench.reconciling import main; main()"`, on its database.

Makes a company of SIZE invoices and lines, runs it through `reconcile_company`, then once more where nothing changed,
and prints seconds from the rows to the rows, those of our own processor among them, and how many queries it took.
"""

import time
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from achats.models import Kind, PurchaseInvoice, Status, Supplier
from banking.models import BankAccount, BankStatement, BankTransaction, ImportState, StatementImport
from banking.reconciliation import reconcile_company
from firms.models import Company, Firm
from tests.banking.matching.dossier import Dossier, make_dossier

SIZE = 2_000


def main(size: int = SIZE, months: int = 8) -> None:
    firm = Firm.objects.create(code=f"B{time.time_ns()}"[:20], name="Bench")
    company = Company.objects.create(firm=firm, code="BENCH", name="Bench")
    store(company, make_dossier(seed=size, size=size, months=months))
    for name in ("first", "again"):
        start, own = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            run = reconcile_company(company_id=company.pk)
        spent = f"{time.perf_counter() - start:.2f} s, {time.process_time() - own:.2f} s of them our own"
        print(f"{name}: {run.automatic} automatic, {run.suggested} suggested, {spent}, {len(queries)} queries")


def store(company: Company, dossier: Dossier) -> None:
    """The rows of a made-up company, without what else comes with a publication or a statement."""
    names = {invoice.supplier for invoice in dossier.invoices}
    suppliers = {
        row.name: row for row in Supplier.objects.bulk_create(Supplier(company=company, name=n) for n in names)
    }
    account = BankAccount.objects.create(company=company, key="BENCH", label="Bench")
    brought = StatementImport.objects.create(company=company, filename="bench", sha256="0" * 64, state=ImportState.DONE)
    statement = BankStatement.objects.create(company=company, account=account, statement_import=brought, format="ofx")
    PurchaseInvoice.objects.bulk_create(
        PurchaseInvoice(
            company=company,
            kind=Kind.INVOICE if fact.cents > 0 else Kind.CREDIT_NOTE,
            status=Status.READY,
            supplier=suppliers[fact.supplier],
            supplier_name=fact.supplier,
            reference=fact.number,
            issued_on=fact.issued_on,
            due_on=fact.due_on,
            currency=fact.currency,
            gross_amount=Decimal(abs(fact.cents)) / 100,
        )
        for fact in dossier.invoices
    )
    BankTransaction.objects.bulk_create(
        BankTransaction(
            company=company,
            account=account,
            statement=statement,
            booked_on=fact.booked_on,
            amount=Decimal(fact.cents) / 100,
            label=fact.label,
            fingerprint=f"{place:064x}",
        )
        for place, fact in enumerate(dossier.transactions)
    )
