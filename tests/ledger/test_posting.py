"""Entries balance or are refused by PostgreSQL, are taken back while drafts, and only reversed afterwards."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from firms.models import Company
from ledger.books import Books, NoFiscalYear
from ledger.models import Bookkeeping, EntryLine, EntryState, FiscalYear, JournalEntry
from ledger.posting import EntryDraft, EntryFinal, Movement, post_entry, reverse_entry, take_back_entry
from ledger.validating import validate_entries
from tests.factories.firms import CompanyFactory
from tests.ledger.conftest import DAY, NOW, an_entry


def commit(deed: Callable[[], object]) -> None:
    """Do it in a transaction of its own, with what its end would check."""
    with transaction.atomic():
        deed()
        check_now()


def check_now() -> None:
    """What the end of the transaction would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def amounts(entry: JournalEntry) -> list[tuple[str, Decimal, Decimal]]:
    lines = entry.lines.order_by("position")
    return [(line.account.code, line.debit, line.credit) for line in lines.select_related("account")]


def test_an_entry_bears_its_journal_its_draft_number_and_balances(company: Company):
    first, second = an_entry(company), an_entry(company)
    check_now()
    assert (first.name, second.name) == ("AC-000001", "AC-000002")
    assert amounts(first) == [("60630000", Decimal("5.76"), 0), ("40110000", 0, Decimal("5.76"))]
    assert an_entry(company, journal="OD").name == "OD-000001"


@pytest.mark.parametrize("cents", [(576, -575), (576,), ()])
def test_what_does_not_balance_is_refused_by_the_database(company: Company, cents: tuple[int, ...]):
    account = company.accounts.get(code="60630000")
    draft = EntryDraft(document_on=DAY, label="faux", movements=[Movement(account, part) for part in cents])
    with pytest.raises(IntegrityError, match="does not balance"):
        commit(lambda: post_entry(books=Books.of(company), journal_code="AC", draft=draft, by=None, at=NOW))


def test_a_line_that_is_changed_or_deleted_alone_is_refused(company: Company):
    line = EntryLine.objects.filter(entry=an_entry(company), position=1)
    for deed in (line.delete, lambda: line.update(debit=Decimal("5.75"))):
        with pytest.raises(IntegrityError, match="does not balance"):
            commit(deed)


def test_an_account_of_another_company_is_refused(company: Company):
    stranger = CompanyFactory.create().accounts.get(code="60630000")
    mine = company.accounts.get(code="40110000")
    draft = EntryDraft(document_on=DAY, label="faux", movements=[Movement(stranger, 100), Movement(mine, -100)])
    with pytest.raises(IntegrityError, match="another company"):
        commit(lambda: post_entry(books=Books.of(company), journal_code="AC", draft=draft, by=None, at=NOW))


def test_a_day_of_a_closed_period_goes_to_the_first_open_one_and_the_document_keeps_its_own(company: Company):
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 9, 30))
    entry = an_entry(company)
    assert (entry.posted_on, entry.document_on) == (date(2019, 10, 1), DAY)


def test_a_day_outside_every_year_is_refused(company: Company):
    with pytest.raises(NoFiscalYear, match="25/09/2017"):
        an_entry(company, date(2017, 9, 25))


def test_a_closed_year_leads_to_the_next_one(company: Company):
    FiscalYear.objects.create(company=company, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 12, 31))
    entry = an_entry(company)
    assert (entry.posted_on, entry.fiscal_year.ends_on.year) == (date(2020, 1, 1), 2020)


def test_a_draft_is_taken_back_and_its_number_is_not_given_again(company: Company):
    entry = an_entry(company)
    assert take_back_entry(entry=entry, books=Books.of(company)) == "AC-000001"
    check_now()
    assert not JournalEntry.objects.exists()
    assert an_entry(company).name == "AC-000002"


def test_what_is_validated_is_not_taken_back(company: Company, by):
    validated = an_entry(company)
    validate_entries(company=company, until=DAY, by=by, at=NOW)
    with pytest.raises(EntryFinal, match="validée"):
        take_back_entry(entry=validated, books=Books.of(company))


def test_what_is_of_a_closed_period_is_not_taken_back(company: Company):
    entry = an_entry(company)
    Bookkeeping.objects.filter(company=company).update(locked_until=DAY)
    with pytest.raises(EntryFinal, match="période close"):
        take_back_entry(entry=entry, books=Books.of(company))


def test_the_contrary_is_written_once_on_the_same_day_or_the_first_open_one(company: Company, by):
    entry = an_entry(company)
    validate_entries(company=company, until=DAY, by=by, at=NOW)
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 9, 30))
    reversal = reverse_entry(entry=entry, books=Books.of(company), by=by, at=NOW)
    check_now()
    assert amounts(reversal) == [("60630000", 0, Decimal("5.76")), ("40110000", Decimal("5.76"), 0)]
    assert (reversal.reverses, reversal.posted_on, reversal.state) == (entry, date(2019, 10, 1), EntryState.DRAFT)
    with pytest.raises(EntryFinal, match="déjà contre-passée"):
        reverse_entry(entry=entry, books=Books.of(company), by=by, at=NOW)


def test_a_draft_that_was_reversed_stays(company: Company):
    entry = an_entry(company)
    reverse_entry(entry=entry, books=Books.of(company), by=None, at=NOW)
    with pytest.raises(EntryFinal, match="déjà contre-passée"):
        take_back_entry(entry=entry, books=Books.of(company))


@pytest.mark.django_db(transaction=True)
def test_entries_written_at_once_each_have_their_number():
    company = CompanyFactory.create()
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))

    def write() -> None:
        try:
            an_entry(company)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(JournalEntry.objects.values_list("draft_number", flat=True)) == [1, 2, 3, 4, 5, 6]
