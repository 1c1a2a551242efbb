"""What waits in a company, counted; every number is a link to the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from banking.accounts.browsing import FRESH_DAYS
from banking.accounts.freshness import LATE_AFTER, known_until
from banking.models import BankAccount, Match
from desk.counting import COUNTED_AT_MOST, WEEK, live_counts
from desk.models import FirstStepsHiding
from desk.waiting import Waiting, waiting_purchases
from dext_connector.connections.opening import open_connection
from dext_connector.models import DextConnection, InboxItem
from firms.models import Company
from firms.paging import capped_count
from ledger.models import FiscalYear


@dataclass(frozen=True, slots=True)
class BankFreshness:
    """An account, the day until which its lines are known (None where it has none), and how long ago that was."""

    account: BankAccount
    known_until: date | None
    days_old: int

    @property
    def is_fresh(self) -> bool:
        return self.known_until is not None and self.days_old <= FRESH_DAYS

    @property
    def is_late(self) -> bool:
        return self.known_until is not None and self.days_old > LATE_AFTER.days


@dataclass(frozen=True, slots=True)
class CompanyDashboard:
    """The counters (at most 10,000 each) and the state of a company."""

    counts: dict[str, int]
    last_received_at: datetime | None
    connection: DextConnection | None
    accounts: Sequence[BankFreshness]
    locked_until: date | None
    year_ends_on: date | None
    waiting: dict[str, Waiting]
    year_starts_on: date | None = None
    has_hidden_steps: bool = False

    @property
    def is_new(self) -> bool:
        """One of the first steps is still to be done."""
        return not (self.connection and self.has_statement and self.last_received_at)

    @property
    def has_statement(self) -> bool:
        return any(account.known_until for account in self.accounts)

    @property
    def is_done(self) -> bool:
        """Nothing waits for anybody."""
        return not (any(self.counts.values()) or any(waiting.count for waiting in self.waiting.values()))


def company_dashboard(*, company: Company, now: datetime) -> CompanyDashboard:
    """The dashboard of `company` at `now`, in four queries."""
    counts = count_work(company, now=now)
    return CompanyDashboard(
        year_starts_on=counts.pop("year_starts_on"),
        has_hidden_steps=counts.pop("has_hidden_steps"),
        last_received_at=counts.pop("last_received_at"),
        locked_until=counts.pop("locked_until"),
        year_ends_on=counts.pop("year_ends_on"),
        counts=counts,
        connection=open_connection(company, at=now),
        accounts=bank_freshness(company, today=timezone.localdate(now)),
        waiting=waiting_purchases(company),
    )


def count_work(company: Company, *, now: datetime) -> dict:
    """One query: what is to match, suggested, unread, refused in a week; the last item, the year and the closing."""
    today = timezone.localdate(now)
    year = FiscalYear.objects.filter(company=company, starts_on__lte=today, ends_on__gte=today)
    last = InboxItem.objects.filter(company=company).order_by("-received_at").values("received_at")[:1]
    counts = Company.objects.values(
        **live_counts(since=now - WEEK),
        suggested=capped_count(Match.objects.suggested().filter(company=company, rank=1), COUNTED_AT_MOST),
        locked_until=F("bookkeeping__locked_until"),
        year_starts_on=Subquery(year.values("starts_on")[:1]),
        year_ends_on=Subquery(year.values("ends_on")[:1]),
        has_hidden_steps=Exists(FirstStepsHiding.objects.filter(company=OuterRef("pk"))),
        last_received_at=Subquery(last),
    ).get(pk=company.pk)
    return dict(counts)


def bank_freshness(company: Company, *, today: date) -> list[BankFreshness]:
    accounts = company.bank_accounts.annotate(known_until=known_until()).order_by("label")
    return [
        BankFreshness(account, account.known_until, (today - account.known_until).days if account.known_until else 0)
        for account in accounts
    ]
