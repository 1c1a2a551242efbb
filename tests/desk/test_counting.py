"""What waits in each company, counted for the page of its firm, and counted anew where something happened."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from banking.models import Match, MatchState
from desk.counting import COMPANIES_AT_ONCE, companies_with_news, count_companies
from desk.models import CompanyCounters
from desk.tasks import count_what_changed
from dext_connector.models import InboxItem
from firms.events import record_event
from firms.keys import first_key_at
from firms.models import Company
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, BankStatementFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, FirmFactory, member_of

pytestmark = pytest.mark.django_db


def receive(company: Company, fate: str, *, at: datetime | None = None) -> None:
    moment = at or timezone.now()
    key = first_key_at(moment) if at else None
    fields = {"pk": key} if key else {}
    InboxItem.objects.create(
        company=company, fate=fate, body_sha256="0" * 64, http_status=422, received_at=moment, **fields
    )


def counted(company: Company) -> CompanyCounters:
    count_companies(company_ids=[company.pk], at=timezone.now())
    return CompanyCounters.objects.get(company=company)


def bare(number: int) -> list[Company]:
    """Companies without books, quickly."""
    firm = FirmFactory()
    return Company.objects.bulk_create(Company(firm=firm, code=f"C{at}", name=f"Dossier {at}") for at in range(number))


def test_each_thing_that_waits_is_counted_in_its_own_company():
    company = CompanyFactory()
    PurchaseInvoiceFactory.create(company=company, account=None)
    ready = PurchaseInvoiceFactory.create(company=company, gross_amount=Decimal("30.00"))
    PurchaseInvoiceFactory.create(company=CompanyFactory(firm=company.firm), account=None)
    line = BankTransactionFactory.create(account=BankAccountFactory(company=company), amount=-ready.gross_amount)
    Match.objects.create(company=company, invoice=ready, transaction=line, state=MatchState.AUTO, amount_cents=3_000)
    for fate in ("refused", "refused", "failed"):
        receive(company, fate)
    receive(company, "refused", at=timezone.now() - timedelta(days=8))
    found = counted(company)
    numbers = (found.not_ready, found.ready, found.to_match, found.unread, found.refused, found.failed)
    assert numbers == (1, 1, 2, 1, 2, 1)
    assert found.waiting_since == min(company.purchase_invoices.values_list("created_at", flat=True))


def test_the_account_that_lags_most_says_until_when_the_bank_is_known():
    company = CompanyFactory()
    for closed in (date(2019, 9, 30), date(2019, 8, 31)):
        BankStatementFactory.create(account=BankAccountFactory(company=company), closing_on=closed)
    BankAccountFactory(company=company)
    found = counted(company)
    assert (found.bank_account_count, found.bank_known_until) == (3, date(2019, 8, 31))


def test_a_quiet_month_counts_as_known_once_its_statement_came():
    account = BankAccountFactory()
    statement = BankStatementFactory.create(account=account, closing_on=date(2019, 10, 31))
    BankTransactionFactory.create(account=account, statement=statement, booked_on=date(2019, 9, 26))
    assert counted(account.company).bank_known_until == date(2019, 10, 31)


def test_a_file_without_balances_is_known_until_its_last_line():
    line = BankTransactionFactory.create(booked_on=date(2019, 9, 26))
    assert counted(line.company).bank_known_until == date(2019, 9, 26)


def test_only_a_persons_deed_is_one():
    company = CompanyFactory()
    deed = record_event(company=company, kind="purchase.corrected", subject_id=company.pk, by=member_of(company))
    record_event(company=company, kind="purchase.received", subject_id=company.pk)
    assert counted(company).last_deed_at == deed.at


def test_counting_again_replaces_what_was_counted():
    company = CompanyFactory()
    assert counted(company).not_ready == 0
    PurchaseInvoiceFactory.create(company=company, account=None)
    assert counted(company).not_ready == 1


def test_three_hundred_companies_are_counted_in_a_few_queries():
    companies = bare(3 * COMPANIES_AT_ONCE)
    with CaptureQueriesContext(connection) as asked:
        assert count_companies(company_ids=[company.pk for company in companies], at=timezone.now()) == len(companies)
    assert len(asked) == 6
    assert CompanyCounters.objects.count() == len(companies)


def test_a_company_in_which_nothing_happened_is_left_for_an_hour():
    quiet, busy, refused, never, closed = bare(5)
    Company.objects.filter(pk=closed.pk).update(is_active=False)
    now = timezone.now() + timedelta(minutes=5)
    count_companies(company_ids=[quiet.pk, busy.pk, refused.pk], at=now)
    CompanyCounters.objects.update(seen_until=first_key_at(now))
    assert list(companies_with_news(at=now)) == [never]
    CompanyCounters.objects.exclude(company=quiet).update(seen_until=first_key_at(now - timedelta(minutes=10)))
    record_event(company=busy, kind="purchase.received", subject_id=busy.pk)
    receive(refused, "refused")
    assert set(companies_with_news(at=now)) == {busy, refused, never}
    assert quiet in companies_with_news(at=now + timedelta(minutes=61))


def test_the_task_counts_what_is_new_each_minute():
    entry = settings.CELERY_BEAT_SCHEDULE["count-what-changed"]
    assert (entry["task"], entry["schedule"]) == (count_what_changed.name, 60.0)
    company = CompanyFactory()
    count_what_changed()
    assert company.counters.counted_at
