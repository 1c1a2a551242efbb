"""An archived rule → what the live rule of its supplier says once it is taken."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from achats.models import PaymentMethod
from achats.suppliers.ruling import NAMES, RuleValues
from dext_connector.models import ArchivedRule
from firms.models import Company
from ledger.models import Account, VatCode, VatKind

ROWS = {"account": Account, "vat_code": VatCode, "payment_method": PaymentMethod}


@dataclass(frozen=True)
class Known:
    """The one deductible VAT code of each rate, and the payment method of each label: what is not sure is not there."""

    vat_codes: dict[Decimal, VatCode]
    methods: dict[str, PaymentMethod]


def known_to(company: Company, *, on: date) -> Known:
    codes = VatCode.objects.filter(company=company, kind=VatKind.DEDUCTIBLE, deductible_percent=100)
    by_rate: dict[Decimal, list[VatCode]] = {}
    for code in codes.active_on(on).exclude(rate=None).order_by("code"):
        by_rate.setdefault(code.rate or Decimal(0), []).append(code)
    methods = PaymentMethod.objects.filter(company=company, is_active=True).order_by("label")
    sure = {rate: rows[0] for rate, rows in by_rate.items() if len(rows) == 1}
    return Known(sure, {method.label: method for method in methods})


def taken_values(rule: ArchivedRule, account: Account, live: RuleValues | None, known: Known) -> RuleValues:
    """What `rule` says, on top of what the live rule says already."""
    base = live or RuleValues()
    return replace(
        base,
        account=account,
        vat_code=(known.vat_codes.get(rule.vat_rate) if rule.vat_rate else None) or base.vat_code,
        payment_method=known.methods.get(rule.payment_label) or base.payment_method,
        due_days=base.due_days if rule.due_days is None else rule.due_days,
        description=rule.description or base.description,
        is_paid=rule.is_paid or base.is_paid,
    )


def as_json(values: RuleValues | None) -> dict | None:
    """Rows by id, so that a deed can be undone."""
    if values is None:
        return None
    said = {name: getattr(values, name) for name in NAMES}
    return {name: str(value.pk) if name in ROWS and value else value for name, value in said.items()}


def from_json(company: Company, many: Iterable[dict | None]) -> list[RuleValues | None]:
    """The other way, for many at once: one query a kind of row. A row that is no more says nothing."""
    told = list(many)
    found: dict[str, dict[str, Any]] = {}
    for name, model in ROWS.items():
        ids = {said[name] for said in told if said and said[name]}
        rows = model._default_manager.filter(company=company, pk__in=ids)
        found[name] = {str(row.pk): row for row in rows}
    return [
        None if said is None else RuleValues(**said | {name: found[name].get(said[name]) for name in ROWS})
        for said in told
    ]
