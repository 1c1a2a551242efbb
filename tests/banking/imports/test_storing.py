"""Lines on their way from a file to an account: in bounded memory, in their order, each where it belongs."""

import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone

from banking.imports.storing import store_statements
from banking.models import BankTransaction, StatementImport
from banking.statements.account import AccountKey
from banking.statements.statement import Event, Statement, StatementLine
from firms.models import Company
from tests.banking.imports.test_importing import bring
from tests.banking.statements.writers import Move, cfonb, ofx
from tests.factories.banking import StatementImportFactory
from tests.factories.firms import CompanyFactory

FIRST = date(2020, 1, 1)
A_DAY = 100
KEY = AccountKey(bank="30004", branch="00123", number="00012345678")


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


def events(lines: int, *, key: AccountKey = KEY, backwards: bool = False) -> Iterator[Event]:
    """A statement of so many lines, A_DAY of them a day, drawn one by one."""
    for rank in range(lines):
        place = lines - 1 - rank if backwards else rank
        day = FIRST + timedelta(days=place // A_DAY)
        yield StatementLine(day, -1 - place % 50, f"CB {place}", detail="Détail " * 10, line_number=rank + 1)
    until = FIRST + timedelta(days=lines // A_DAY)
    yield Statement(key, "EUR", FIRST, None, until, None, (), "ofx", is_newest_first=backwards)


def store(company: Company, *streams: Iterator[Event]) -> tuple[StatementImport, list]:
    """The import of a file, with what it told of its progress."""
    brought = StatementImportFactory.create(company=company, may_create_account=True)
    heard: list[tuple[int, int | None]] = []
    together = (event for stream in streams for event in stream)
    store_statements(brought, together, at=timezone.now(), told=lambda *counts: heard.append(counts))
    return brought, heard


def peak(company: Company, lines: int) -> int:
    tracemalloc.start()
    try:
        brought, _ = store(company, events(lines))
        assert brought.added == lines
        again, _ = store(company, events(lines))
        assert (again.added, again.known) == (0, lines)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_four_times_as_long_takes_no_more_memory(company: Company):
    other = CompanyFactory.create()
    peak(CompanyFactory.create(), A_DAY)
    short, long = peak(company, 3_000), peak(other, 12_000)
    assert long - short < 1024**2


def test_progress_is_told_while_a_file_is_read_and_while_it_is_stored(company: Company):
    _, heard = store(company, events(5_000))
    assert heard == [(2_000, None), (4_000, None), (5_000, None), (2_000, 5_000), (4_000, 5_000)]
    _, known = store(company, events(5_000))
    assert known == heard


@pytest.mark.parametrize("backwards", [False, True])
def test_lines_stand_in_the_order_in_which_they_happened_whichever_end_the_file_begins_with(
    company: Company, backwards: bool
):
    store(company, events(250, backwards=backwards))
    labels = list(BankTransaction.objects.order_by("id").values_list("label", flat=True))
    assert labels == [f"CB {rank}" for rank in range(250)]


def test_lines_of_a_day_stay_in_the_order_of_their_file(company: Company):
    later, sooner = (
        Move(date(2026, 11, 12), -1, "C"),
        [Move(date(2026, 11, 10), -2, "B"), Move(date(2026, 11, 10), -1, "A")],
    )
    bring(company, cfonb([later, *sooner]))
    assert list(BankTransaction.objects.order_by("id").values_list("label", flat=True)) == ["B", "A", "C"]


def test_the_accounts_of_a_file_are_kept_apart_and_each_is_read_against_its_own_lines(company: Company):
    keys = [AccountKey(bank="30004", branch="00123", number=f"{number:011}") for number in range(3)]
    first, _ = store(company, *(events(150, key=key) for key in keys[:2]))
    assert (first.added, first.known) == (300, 0)
    second, _ = store(company, *(events(250, key=key) for key in keys))
    assert (second.added, second.known) == (2 * 100 + 250, 2 * 150)
    assert [account.transactions.count() for account in company.bank_accounts.all()] == [250] * 3


def test_a_statement_that_the_file_holds_twice_is_counted_once(company: Company):
    brought, _ = store(company, events(150), events(150))
    assert (brought.added, brought.known, company.bank_statements.count()) == (150, 0, 1)


def test_what_looks_like_nothing_to_the_database_is_kept_as_it_is_written(company: Company):
    odd = ["\\N", "\\.", 'dit "deux" ; mots', "a\tb", "NULL"]
    lines = [StatementLine(FIRST, -1, label, detail=f"{label}\n{label}") for label in odd]
    store(company, iter([*lines, Statement(KEY, "EUR", FIRST, None, FIRST, None, (), "ofx")]))
    assert list(BankTransaction.objects.order_by("id").values_list("label", flat=True)) == odd
    assert BankTransaction.objects.filter(value_on=None, kind="").count() == len(odd)


def test_lines_of_no_statement_are_not_passed_over(company: Company):
    with pytest.raises(ValueError, match="without their statement"):
        store(company, (event for event in events(3) if isinstance(event, StatementLine)))


def test_a_file_without_a_line_is_stored_with_its_statement(company: Company):
    assert (bring(company, ofx([])).added, company.bank_statements.count()) == (0, 1)
