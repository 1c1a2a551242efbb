"""Drafts become final: numbered without gaps per journal and year, and PostgreSQL refuses every later change."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from firms.models import Company, User
from ledger.books import Books
from ledger.models import EntryLine, EntryState, FiscalYear, JournalEntry
from ledger.posting import take_back_entry
from ledger.validating import validate_entries
from tests.ledger.conftest import DAY, NOW, an_entry


def numbers(**fields) -> list[int | None]:
    return list(JournalEntry.objects.filter(**fields).order_by("posted_on", "pk").values_list("number", flat=True))


def test_numbers_follow_the_days_without_gaps_in_each_journal_and_year(company: Company, by: User):
    FiscalYear.objects.create(company=company, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    late, gone, early = an_entry(company, date(2019, 9, 3)), an_entry(company), an_entry(company, date(2019, 9, 1))
    other, next_year = an_entry(company, journal="OD"), an_entry(company, date(2020, 1, 2))
    take_back_entry(entry=gone, books=Books.of(company))
    assert validate_entries(company=company, until=date(2020, 1, 31), by=by, at=NOW) == 4
    for entry, name in (
        (early, "AC-2019-000001"), (late, "AC-2019-000002"), (other, "OD-2019-000001"), (next_year, "AC-2020-000001")
    ):  # fmt: skip
        entry.refresh_from_db()
        assert (entry.name, entry.state, entry.validated_by) == (name, EntryState.VALIDATED, by)


def test_what_comes_later_goes_on_from_the_last_number(company: Company, by: User):
    an_entry(company, date(2019, 9, 1))
    an_entry(company, date(2019, 9, 30))
    assert validate_entries(company=company, until=date(2019, 9, 15), by=by, at=NOW) == 1
    assert numbers() == [1, None]
    an_entry(company, date(2019, 9, 10))
    assert validate_entries(company=company, until=date(2019, 9, 30), by=by, at=NOW) == 2
    assert numbers() == [1, 2, 3]
    assert validate_entries(company=company, until=date(2019, 9, 30), by=by, at=NOW) == 0


def test_nothing_of_a_validated_entry_is_changed_deleted_or_added(company: Company, by: User):
    entry = an_entry(company)
    validate_entries(company=company, until=DAY, by=by, at=NOW)
    line = entry.lines.order_by("position").first()
    assert line
    added = EntryLine(company=company, entry=entry, position=9, account=line.account, label="x", debit=1)
    for deed in (
        lambda: JournalEntry.objects.filter(pk=entry.pk).update(label="autre"),
        lambda: JournalEntry.objects.filter(pk=entry.pk).update(state=EntryState.DRAFT, number=None),
        lambda: entry.lines.filter(pk=line.pk).update(label="autre"),
        lambda: entry.lines.filter(pk=line.pk).delete(),
        lambda: EntryLine.objects.bulk_create([added]),
        entry.delete,
    ):
        with pytest.raises(IntegrityError, match="validated"), transaction.atomic():
            deed()


def test_a_period_is_validated_by_a_command(company: Company, by: User):
    an_entry(company)
    said = StringIO()
    options = {"company": company.code, "firm": company.firm.code, "until": date(2019, 9, 30)}
    call_command("validate_entries", **options, by=by.email, stdout=said)
    assert said.getvalue().startswith("1 écriture validée jusqu’au 30/09/2019")
    assert numbers() == [1]
    with pytest.raises(CommandError, match="Personne n’a l’adresse"):
        call_command("validate_entries", **options, by="personne@ailleurs.test")
