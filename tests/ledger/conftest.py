"""A company whose books are open in 2019, and entries of it."""

from datetime import UTC, date, datetime

import pytest

from firms.models import Company, User
from ledger.books import Books
from ledger.models import FiscalYear, JournalEntry
from ledger.posting import EntryDraft, Movement, post_entry
from tests.factories.firms import CompanyFactory, UserFactory

NOW = datetime(2019, 10, 1, 9, tzinfo=UTC)
DAY = date(2019, 9, 25)


@pytest.fixture
def company(db: None) -> Company:
    company = CompanyFactory.create()
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    return company


@pytest.fixture
def by(db: None) -> User:
    return UserFactory.create()


def an_entry(company: Company, day: date = DAY, *, cents: int = 576, journal: str = "AC", **fields) -> JournalEntry:
    """Supplies against the suppliers' account."""
    accounts = {account.code: account for account in company.accounts.filter(code__in=["60630000", "40110000"])}
    movements = [Movement(accounts["60630000"], cents), Movement(accounts["40110000"], -cents)]
    draft = EntryDraft(document_on=day, label="Franprix F-1", reference="F-1", movements=movements)
    return post_entry(books=Books.of(company), journal_code=journal, draft=draft, by=None, at=NOW, **fields)
