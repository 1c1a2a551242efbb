"""A period's drafts become final, numbered without gaps per journal and year (LPF art. A47 A-1, PCG art. 921-3)."""

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from firms.models import Company, User
from ledger.models import EntryState, Journal, JournalEntry

AT_ONCE = 500


@transaction.atomic
def validate_entries(*, company: Company, until: date, by: User, at: datetime) -> int:
    """Validate every draft of `company` up to and with the day `until`; → how many.

    Numbers follow the days of the entries within each journal and year, after those already given. The journals' rows
    are locked, so that two who validate at once wait for each other.
    """
    list(Journal.objects.select_for_update().filter(company=company).order_by("pk"))
    drafts = JournalEntry.objects.select_for_update(of=("self",)).filter(
        company=company, state=EntryState.DRAFT, posted_on__lte=until
    )
    rows = list(drafts.order_by("posted_on", "document_on", "draft_number", "pk"))
    last = _last_numbers(company)
    for row in rows:
        last[row.journal_id, row.fiscal_year_id] += 1
        row.number = last[row.journal_id, row.fiscal_year_id]
        row.state, row.validated_at, row.validated_by = EntryState.VALIDATED, at, by
    JournalEntry.objects.bulk_update(rows, ["number", "state", "validated_at", "validated_by"], batch_size=AT_ONCE)
    return len(rows)


def _last_numbers(company: Company) -> Counter:
    given = JournalEntry.objects.filter(company=company, number__isnull=False).order_by()
    rows = given.values_list("journal_id", "fiscal_year_id").annotate(last=Max("number"))
    return Counter({(journal, year): last for journal, year, last in rows})
