"""The archived rules and the live ones as their page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from achats.models import SupplierRule, folded_supplier_name
from dext_connector.models import ArchivedRule, RuleState
from firms.folding import fold
from firms.models import Company
from firms.paging import KeyOrder
from firms.typography import NBSP, format_amount, format_count

BY_SUPPLIER = KeyOrder(F("folded_supplier"), str)
LIVE_BY_SUPPLIER = KeyOrder(F("supplier__folded_name"), str)
TABS = {
    "a-decider": ("À décider", RuleState.UNDECIDED),
    "prises": ("Prises", RuleState.TAKEN),
    "ignorees": ("Ignorées", RuleState.IGNORED),
    "toutes": ("Toutes", None),
}


@dataclass(frozen=True)
class RuleRow:
    """A row of the page: the archived rule, and the live rule that its supplier has."""

    rule: ArchivedRule
    live: SupplierRule | None

    @cached_property
    def may_be_taken(self) -> bool:
        account = self.rule.proposed_account
        return account is not None and account.is_active and account.is_purchase_allowed

    @property
    def says_besides(self) -> str:
        """« TVA 20,00 % · 30 jours · Paiement Pro (1234) »."""
        return " · ".join(_besides(self.rule))


def rules_to_show(company: Company, *, tab: str, search: str) -> QuerySet[ArchivedRule]:
    rows = ArchivedRule.objects.current(company).select_related("proposed_account", "account")
    state = TABS[tab][1]
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(folded_supplier__contains=fold(search)) | Q(dext_account__icontains=search))
    return rows


def rows_of(company: Company, rules: Sequence[ArchivedRule]) -> list[RuleRow]:
    """Each rule with the live one of its supplier: one query."""
    names = {rule.folded_supplier for rule in rules}
    live = SupplierRule.objects.filter(company=company, supplier__folded_name__in=names)
    beside = {rule.supplier.folded_name: rule for rule in live.select_related("supplier", "account").order_by("id")}
    return [RuleRow(rule, beside.get(rule.folded_supplier)) for rule in rules]


def counts_of(company: Company) -> dict[str, int]:
    """How many rules each tab holds, how many are proposed, and how many live ones there are: two queries."""
    states = {tab.replace("-", "_"): Count("id", filter=Q(state=state)) for tab, (_, state) in TABS.items() if state}
    usable = Q(proposed_account__is_active=True, proposed_account__is_purchase_allowed=True)
    found = ArchivedRule.objects.current(company).aggregate(
        toutes=Count("id"), proposed=Count("id", filter=usable & Q(state=RuleState.UNDECIDED)), **states
    )
    return found | {"live": SupplierRule.objects.filter(company=company).count()}


def summary_of(company: Company) -> dict[str, int]:
    """How many rules are archived, how many of them are proposed, and how many live ones there are: one query."""
    archived, live = ArchivedRule.objects.current(company), SupplierRule.objects.filter(company=company)
    asked: dict[str, Any] = {
        "toutes": _number(archived),
        "proposed": _number(archived.proposed()),
        "live": _number(live),
    }
    found: Any = Company.objects.filter(pk=company.pk).values(**asked).get()
    return found


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("company").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def live_rules(company: Company, *, search: str) -> QuerySet[SupplierRule]:
    rows = SupplierRule.objects.filter(company=company)
    if search:
        rows = rows.filter(supplier__folded_name__contains=folded_supplier_name(search))
    return rows.select_related("supplier", "account", "vat_code", "payment_method")


def _besides(rule: ArchivedRule) -> list[str]:
    days = "" if rule.due_days is None else f"{format_count(rule.due_days)}{NBSP}jour{'s' if rule.due_days > 1 else ''}"
    said = [
        "" if rule.vat_rate is None else f"TVA {format_amount(rule.vat_rate)}{NBSP}%",
        days,
        rule.payment_label,
        "payé d’avance" if rule.is_paid else "",
        rule.description,
    ]
    return [words for words in said if words]
