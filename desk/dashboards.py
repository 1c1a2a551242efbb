"""What waits in a company, counted; every number is a link to the rows behind it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery

from achats.models import PurchaseInvoice
from banking.models import BankAccount, BankTransaction, Match, MatchState
from desk.waiting import Waiting, waiting_purchases
from dext_connector.connections import open_connection
from dext_connector.models import DextConnection, Fate, InboxItem
from firms.models import Company

WEEK = timedelta(days=7)
COUNTED_AT_MOST = 10_000
LATE_DAYS = 31


@dataclass(frozen=True, slots=True)
class BankFreshness:
    """An account, the day of its last known line (None where it has none), and how long ago that was."""

    account: BankAccount
    last_on: date | None
    days_old: int

    @property
    def is_late(self) -> bool:
        return self.days_old > LATE_DAYS


@dataclass(frozen=True, slots=True)
class CompanyDashboard:
    """The counters (at most 10,000 each) and the state of a company."""

    counts: dict[str, int]
    last_received_at: datetime | None
    connection: DextConnection | None
    accounts: list[BankFreshness]
    locked_until: date | None
    waiting: dict[str, Waiting]

    @property
    def is_new(self) -> bool:
        """One of the first steps is still to be done."""
        return not (self.connection and self.has_statement and self.last_received_at)

    @property
    def has_statement(self) -> bool:
        return any(account.last_on for account in self.accounts)


def company_dashboard(*, company: Company, now: datetime) -> CompanyDashboard:
    """The dashboard of `company` at `now`, in four queries."""
    counts = count_work(company, since=now - WEEK)
    return CompanyDashboard(
        last_received_at=counts.pop("last_received_at"),
        locked_until=counts.pop("locked_until"),
        counts=counts,
        connection=open_connection(company, at=now),
        accounts=bank_freshness(company, today=now.date()),
        waiting=waiting_purchases(company),
    )


def count_work(company: Company, *, since: datetime) -> dict:
    """One query: what is to match, suggested, matched and unread, refused `since` then; the last item, the closing."""
    invoices = PurchaseInvoice.objects.for_company(company)
    inbox = InboxItem.objects.filter(company=company)
    last = inbox.order_by("-received_at").values("received_at")[:1]
    counts = Company.objects.values(
        to_match=capped(invoices.unsettled()),
        suggested=capped(Match.objects.suggested().filter(company=company, rank=1)),
        unread=capped(Match.objects.filter(company=company, state=MatchState.AUTO)),
        locked_until=F("bookkeeping__locked_until"),
        refused=capped(inbox.filter(fate=Fate.REFUSED, received_at__gte=since)),
        last_received_at=Subquery(last),
    ).get(pk=company.pk)
    return dict(counts)


def capped(rows: QuerySet) -> Func:
    """How many rows there are, counted no further than the cap."""
    keys = ArraySubquery(rows.order_by().values("pk")[:COUNTED_AT_MOST])
    return Func(keys, function="cardinality", output_field=IntegerField())


def bank_freshness(company: Company, *, today: date) -> list[BankFreshness]:
    newest = BankTransaction.objects.filter(account=OuterRef("pk")).order_by("-booked_on").values("booked_on")[:1]
    accounts = company.bank_accounts.annotate(last_on=Subquery(newest)).order_by("label")
    return [
        BankFreshness(account, account.last_on, (today - account.last_on).days if account.last_on else 0)
        for account in accounts
    ]
