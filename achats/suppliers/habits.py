"""What a company usually does with a supplier's purchases: proposed, never filled in."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from achats.models import InvoiceLine, PurchaseInvoice, Status, Supplier
from firms.typography import NBSP
from ledger.models import Account

LAST = 20
SHOWN = 3


@dataclass(frozen=True)
class Habit:
    """An account that `times` of the supplier's last `out_of` purchases bore."""

    account: Account
    supplier: Supplier
    times: int
    out_of: int

    @property
    def is_proposal(self) -> bool:
        """Whether it is usual enough to be proposed first: more than half, and not by one purchase alone."""
        return self.times * 2 > self.out_of and self.times > 1

    @property
    def sentence(self) -> str:
        """« 60630000 Petit équipement (4 fois sur 5 pour Franprix) »."""
        return f"{self.account} ({self.times}{NBSP}fois sur {self.out_of} pour {self.supplier})"


def account_habits(*, supplier: Supplier, excluding: PurchaseInvoice | None = None) -> list[Habit]:
    """The accounts of the last purchases of `supplier`, the most frequent first, at most SHOWN; two queries.

    Only accounts that may still be used, and only purchases that bear one.
    """
    past = PurchaseInvoice.objects.filter(supplier=supplier, lines__account__isnull=False).live()
    if excluding:
        past = past.exclude(pk=excluding.pk)
    recent = list(past.order_by("-issued_on", "-id").values_list("pk", flat=True).distinct()[:LAST])
    by_account: dict[Account, set[UUID]] = {}
    for line in InvoiceLine.objects.filter(invoice__in=recent, account__isnull=False).select_related("account"):
        if line.account and line.account.is_active and line.account.is_purchase_allowed:
            by_account.setdefault(line.account, set()).add(line.invoice_id)
    found = [Habit(account, supplier, len(invoices), len(recent)) for account, invoices in by_account.items()]
    return sorted(found, key=lambda habit: (-habit.times, habit.account.code))[:SHOWN]


def proposed_account(invoice: PurchaseInvoice) -> Habit | None:
    """What to propose for the account that `invoice` lacks; None where nothing is usual, or it cannot be changed."""
    if invoice.supplier is None or invoice.status not in {Status.NOT_READY, Status.READY}:
        return None
    first = next(iter(account_habits(supplier=invoice.supplier, excluding=invoice)), None)
    return first if first and first.is_proposal else None


def usual_accounts(*, suppliers: Collection[Supplier]) -> dict[UUID, Habit]:
    """The account that is proposed first for each of many suppliers (by id), where one is: one query."""
    of_supplier = {supplier.pk: supplier for supplier in suppliers}
    lasts = Window(RowNumber(), partition_by="supplier", order_by=[F("issued_on").desc(), F("id").desc()])
    booked_somewhere = Exists(InvoiceLine.objects.filter(invoice=OuterRef("pk"), account__isnull=False))
    past = PurchaseInvoice.objects.filter(booked_somewhere, supplier__in=of_supplier).live()
    recent = past.annotate(place=lasts).filter(place__lte=LAST)
    lines = InvoiceLine.objects.filter(invoice__in=recent.values("pk"), account__isnull=False)
    booked: dict[UUID, dict[UUID, set[Account]]] = {}
    for line in lines.select_related("account", "invoice"):
        if line.invoice.supplier_id and line.account:
            booked.setdefault(line.invoice.supplier_id, {}).setdefault(line.invoice_id, set()).add(line.account)
    found = {pk: _usual(of_supplier[pk], list(invoices.values())) for pk, invoices in booked.items()}
    return {pk: habit for pk, habit in found.items() if habit}


def _usual(supplier: Supplier, booked: list[set[Account]]) -> Habit | None:
    times = Counter(account for accounts in booked for account in accounts)
    usable = [account for account in times if account.is_active and account.is_purchase_allowed]
    habits = [Habit(account, supplier, times[account], len(booked)) for account in usable]
    first = min(habits, key=lambda habit: (-habit.times, habit.account.code), default=None)
    return first if first and first.is_proposal else None
