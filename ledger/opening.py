"""The books of a company that was just created: its chart, its journals, how they are kept, the years that are open."""

from datetime import date

from django.db import transaction

from firms.models import Company
from ledger.chart.loading import load_chart
from ledger.models import Bookkeeping, FiscalYear, Journal, JournalKind

PURCHASES, BANK, MISCELLANEOUS = "AC", "BQ", "OD"
JOURNALS = {PURCHASES: JournalKind.PURCHASES, BANK: JournalKind.BANK, MISCELLANEOUS: JournalKind.MISCELLANEOUS}


@transaction.atomic
def open_books(*, company: Company, today: date) -> None:
    """Load the chart and open the calendar year of `today` and the one before, still being closed. May run twice."""
    load_chart(company=company)
    Bookkeeping.objects.get_or_create(company=company)
    Journal.objects.bulk_create(
        [Journal(company=company, code=code, label=kind.label, kind=kind) for code, kind in JOURNALS.items()],
        ignore_conflicts=True,
    )
    FiscalYear.objects.bulk_create(
        [
            FiscalYear(company=company, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
            for year in (today.year - 1, today.year)
        ],
        ignore_conflicts=True,
    )
