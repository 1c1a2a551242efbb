"""What the page of one supplier shows, in a number of queries that does not grow with its invoices."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median_low
from uuid import UUID

from django.db.models import Case, Count, F, Prefetch, Sum, When
from django.db.models.functions import Coalesce, TruncMonth
from django.http import Http404

from achats.browsing.listing import shown
from achats.models import (
    InvoiceLine,
    Kind,
    PurchaseInvoice,
    PurchaseInvoiceQuerySet,
    Supplier,
    SupplierAlias,
    SupplierRule,
)
from achats.suppliers.habits import LAST, Habit, account_habits
from firms.models import Company
from firms.paging import KeyOrder, KeyPage, key_page
from firms.typography import format_money
from ledger.models import VatCode

MONTHS_SHOWN = 12
BY_DATE = KeyOrder(F("issued_on"), date.fromisoformat, is_descending=True)
IN_BASE = Coalesce("base_gross_amount", "gross_amount")
SIGNED = Case(When(kind=Kind.CREDIT_NOTE, then=-IN_BASE), default=IN_BASE)
# What is left, in the company's currency: a part of a foreign invoice counts by its share.
LEFT = Case(
    When(gross_amount=0, then=IN_BASE * 0),
    default=SIGNED * (F("gross_amount") * 100 - F("settled_cents")) / (F("gross_amount") * 100),
)


@dataclass(frozen=True)
class Month:
    """What was bought in a month, `starts_on` its first day: the total with VAT, and how many purchases."""

    starts_on: date
    total: Decimal
    count: int

    @property
    def words(self) -> str:
        return f"{self.starts_on:%m/%y}"


class SupplierPage:
    """A supplier of `company` with what stands around it. Raises Http404 where it is none of the company's."""

    def __init__(self, company: Company, supplier_id: UUID, *, today: date) -> None:
        supplier = Supplier.objects.filter(company=company, pk=supplier_id).first()
        if supplier is None:
            raise Http404("Ce fournisseur n’existe pas, ou vous n’y avez pas accès.")
        supplier.company = company
        self.company, self.supplier, self.today = company, supplier, today

    @property
    def invoices(self) -> PurchaseInvoiceQuerySet:
        return PurchaseInvoice.objects.for_company(self.company).filter(supplier=self.supplier)

    def page(self, *, after: str = "", before: str = "") -> KeyPage:
        return key_page(shown(self.invoices), BY_DATE, after=after, before=before)

    @cached_property
    def rule(self) -> SupplierRule | None:
        rules = SupplierRule.objects.select_related("account", "vat_code", "payment_method")
        return rules.filter(supplier=self.supplier).first()

    @cached_property
    def aliases(self) -> list[SupplierAlias]:
        return list(SupplierAlias.objects.filter(supplier=self.supplier).order_by("folded_name"))

    @cached_property
    def accounts(self) -> list[Habit]:
        return account_habits(supplier=self.supplier)

    @cached_property
    def balance(self) -> dict:
        """`amount` left to pay in the company's currency, over `count` purchases that the bank has not paid whole."""
        left = Sum(LEFT)
        return self.invoices.unsettled().aggregate(amount=left, count=Count("pk"))

    @cached_property
    def months(self) -> list[Month]:
        """The twelve that end with the last purchase, the oldest first, those without a purchase too."""
        last = self.recent[0].issued_on if self.recent else self.today
        firsts = _months_until(last)
        rows = self.invoices.live().filter(issued_on__gte=firsts[0])
        by_month = rows.annotate(month=TruncMonth("issued_on")).order_by("month").values("month")
        found = {row["month"]: row for row in by_month.annotate(total=Sum(SIGNED), count=Count("pk"))}
        return [
            Month(first, found[first]["total"], found[first]["count"])
            if first in found
            else Month(first, Decimal(0), 0)
            for first in firsts
        ]

    @cached_property
    def bars(self) -> list[tuple[str, str, Decimal, str]]:
        currency = self.company.currency
        return [(month.words, month.words, month.total, format_money(month.total, currency)) for month in self.months]

    @cached_property
    def recent(self) -> list[PurchaseInvoice]:
        """The last live purchases, for what is usual."""
        lines = InvoiceLine.objects.select_related("vat_code").order_by("position")
        rows = self.invoices.live().prefetch_related(Prefetch("lines", lines))
        return list(rows.order_by("-issued_on", "-id")[:LAST])

    @property
    def vat_codes(self) -> list[tuple[VatCode, int]]:
        """The VAT codes of the last purchases, the most frequent first."""
        codes = Counter(line.vat_code for invoice in self.recent for line in invoice.lines.all() if line.vat_code)
        return codes.most_common(3)

    @property
    def usual_delay(self) -> int | None:
        """The days from date to due date that half of the last purchases keep to; None where none says."""
        days = [(row.due_on - row.issued_on).days for row in self.recent if row.due_on]
        return median_low(days) if days else None


def _months_until(today: date) -> list[date]:
    """The first days of the last twelve months, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - MONTHS_SHOWN + 1, last + 1)]
