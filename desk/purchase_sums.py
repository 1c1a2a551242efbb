"""What a company bought, summed by month and by account: twelve months, in the currency of its books."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from achats.models import InvoiceLine, Kind, PurchaseInvoice
from firms.models import Company
from firms.typography import MONTHS, SHORT_MONTHS

MONTHS_SHOWN = 12
ACCOUNTS_SHOWN = 8
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Month:
    """The purchases of a month, credit notes deducted; `until` is its last day."""

    since: date
    until: date
    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO

    @property
    def name(self) -> str:
        return f"{MONTHS[self.since.month - 1]} {self.since.year}"

    @property
    def short_name(self) -> str:
        return SHORT_MONTHS[self.since.month - 1]


@dataclass(frozen=True, slots=True)
class AccountSum:
    """What went to an account; `code` is empty for those that are summed together, and for lines without one."""

    code: str
    label: str
    net: Decimal


@dataclass(frozen=True, slots=True)
class PurchaseSums:
    """`months` from the oldest; `accounts` from the largest; `foreign` purchases are in neither."""

    months: list[Month]
    accounts: list[AccountSum]
    foreign: int

    @property
    def is_empty(self) -> bool:
        return not any(month.gross or month.net for month in self.months)


def purchase_sums(*, company: Company, today: date) -> PurchaseSums:
    """The twelve months up to that of the last live purchase, at most that of `today`: three queries."""
    live = PurchaseInvoice.objects.for_company(company).live().filter(issued_on__lte=today)
    newest = live.order_by("-issued_on", "-id").values_list("issued_on", flat=True).first() or today
    months = _months(newest)
    recent = live.filter(issued_on__range=(months[0].since, months[-1].until))
    sums = {row["month"]: row for row in _by_month(recent, company.currency)}
    return PurchaseSums(
        months=[_filled(month, sums.get(month.since)) for month in months],
        accounts=_by_account(recent, company.currency),
        foreign=sum(row["foreign"] for row in sums.values()),
    )


def _months(newest: date) -> list[Month]:
    last = newest.year * 12 + newest.month - 1
    firsts = [date(at // 12, at % 12 + 1, 1) for at in range(last - MONTHS_SHOWN + 1, last + 2)]
    return [Month(since, date.fromordinal(after.toordinal() - 1)) for since, after in pairwise(firsts)]


def _sign(kind: str) -> Case:
    return Case(When(**{kind: Kind.CREDIT_NOTE}, then=Value(-1)), default=Value(1))


def _by_month(recent: QuerySet[PurchaseInvoice], currency: str) -> QuerySet:
    own = Q(currency=currency)
    net = Coalesce("net_amount", F("gross_amount") - Coalesce("vat_amount", ZERO))
    sign = _sign("kind")
    return (
        recent.order_by()
        .values(month=TruncMonth("issued_on"))
        .annotate(
            net=Sum(net * sign, filter=own, default=ZERO),
            vat=Sum(F("vat_amount") * sign, filter=own, default=ZERO),
            gross=Sum(F("gross_amount") * sign, filter=own, default=ZERO),
            foreign=Count("pk", filter=~own),
        )
    )


def _filled(month: Month, sums: dict | None) -> Month:
    return Month(month.since, month.until, sums["net"], sums["vat"], sums["gross"]) if sums else month


def _by_account(recent: QuerySet[PurchaseInvoice], currency: str) -> list[AccountSum]:
    """The largest, then the others as one."""
    lines = InvoiceLine.objects.filter(invoice__in=recent.filter(currency=currency).order_by())
    net = Coalesce("net_amount", F("gross_amount") - Coalesce("vat_amount", ZERO)) * _sign("invoice__kind")
    rows = lines.order_by().values("account__code", "account__label").annotate(net=Sum(net))
    found = [AccountSum(row["account__code"] or "", row["account__label"] or "Sans compte", row["net"]) for row in rows]
    found.sort(key=lambda one: (-one.net, one.code))
    shown, others = found[:ACCOUNTS_SHOWN], found[ACCOUNTS_SHOWN:]
    if others:
        shown.append(AccountSum("", f"Autres ({len(others)})", sum((one.net for one in others), ZERO)))
    return shown
