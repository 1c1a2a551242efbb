"""Make, change and take away the rules of suppliers: what their purchases bear unless they say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from achats.models import PaymentMethod, Supplier, SupplierRule
from firms.events import record_events
from firms.models import Company, User
from ledger.models import Account, VatCode


@dataclass(frozen=True, kw_only=True)
class RuleValues:
    """What a rule says; `due_days` is at most 365 (`LONGEST_DELAY`)."""

    account: Account | None = None
    vat_code: VatCode | None = None
    payment_method: PaymentMethod | None = None
    due_days: int | None = None
    description: str = ""
    is_paid: bool = False

    @property
    def is_empty(self) -> bool:
        return self == RuleValues()


NAMES = tuple(field.name for field in fields(RuleValues))


def values_of(rule: SupplierRule) -> RuleValues:
    return RuleValues(**{name: getattr(rule, name) for name in NAMES})


def set_rule(*, supplier: Supplier, values: RuleValues | None, by: User, at: datetime) -> SupplierRule | None:
    """As `set_rules`, for one supplier: its rule as it stands afterwards."""
    return set_rules(company=supplier.company, values={supplier.pk: values}, by=by, at=at).get(supplier.pk)


@transaction.atomic
def set_rules(
    *, company: Company, values: Mapping[UUID, RuleValues | None], by: User, at: datetime
) -> dict[UUID, SupplierRule]:
    """Give each supplier (by id) the rule that `values` says, none where it says None or nothing; → the rules.

    Writes `rule.created`, `rule.changed` (fields before and after) and `rule.deleted`, for what changes alone. Raises
    ValueError for a row of another company.
    """
    locked = Supplier.objects.select_for_update(no_key=True).filter(company=company, pk__in=values).order_by("pk")
    suppliers = {supplier.pk: supplier for supplier in locked}
    _refuse_strangers(company, suppliers, values)
    held = rules_of(suppliers)
    wanted = {pk: said for pk, said in values.items() if said is not None and not said.is_empty}
    gone = [held.pop(pk) for pk in values if pk in held and pk not in wanted]
    SupplierRule.objects.filter(pk__in=[rule.pk for rule in gone]).delete()
    told = {rule.pk: {"supplier": [rule.supplier.name, None]} for rule in gone}
    record_events(company=company, kind="rule.deleted", changes=told, by=by, at=at)
    new = [SupplierRule(company=company, supplier=suppliers[pk]) for pk in wanted if pk not in held]
    changes = {
        rule.supplier_id: changed
        for rule in [*held.values(), *new]
        if (changed := _write(rule, wanted[rule.supplier_id], at))
    }
    _store(company, new, [rule for rule in held.values() if rule.supplier_id in changes], changes, by, at)
    return held | {rule.supplier_id: rule for rule in new}


def rules_of(suppliers: Mapping[UUID, Supplier]) -> dict[UUID, SupplierRule]:
    """The rules of `suppliers`, by the supplier's id."""
    rows = SupplierRule.objects.select_related("account", "vat_code", "payment_method")
    held = {rule.supplier_id: rule for rule in rows.filter(supplier__in=suppliers).order_by("supplier")}
    for pk, rule in held.items():
        rule.supplier = suppliers[pk]
    return held


def _refuse_strangers(company: Company, suppliers: Mapping, values: Mapping[UUID, RuleValues | None]) -> None:
    named = [getattr(said, name) for said in values.values() if said for name in NAMES]
    if len(suppliers) != len(values) or any(
        row.company_id != company.pk for row in named if isinstance(row, Account | VatCode | PaymentMethod)
    ):
        raise ValueError("a supplier, or what a rule names, is of another company")


def _write(rule: SupplierRule, said: RuleValues, at: datetime) -> dict[str, list]:
    """Set what `said` says on `rule`; what changed as `{field: [before, after]}`, both JSON."""
    changed = {}
    for name in NAMES:
        before, after = getattr(rule, name), getattr(said, name)
        if before != after:
            setattr(rule, name, after)
            changed[name] = [_plain(before), _plain(after)]
    if changed:
        rule.updated_at = at
    return changed


def _store(
    company: Company, new: list[SupplierRule], old: list[SupplierRule], changes: Mapping, by: User, at: datetime
) -> None:
    SupplierRule.objects.bulk_create(new)
    SupplierRule.objects.bulk_update(old, [*NAMES, "updated_at"], batch_size=500)
    made = {rule.pk: {"supplier": [None, rule.supplier.name]} | changes[rule.supplier_id] for rule in new}
    record_events(company=company, kind="rule.created", changes=made, by=by, at=at)
    changed = {rule.pk: changes[rule.supplier_id] for rule in old}
    record_events(company=company, kind="rule.changed", changes=changed, by=by, at=at)


def _plain(value: models.Model | str | int | None) -> str | int | None:
    if isinstance(value, Account | VatCode):
        return value.code
    return str(value) if isinstance(value, models.Model) else value
