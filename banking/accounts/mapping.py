"""Which bank account each payment method draws on: « Paiement Pro (1234) » → its account."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from achats.models import MethodKind, PaymentMethod
from banking.match_asking import ask_for_match
from banking.models import BankAccount, PaymentMethodMapping
from firms.events import record_event
from firms.models import Company, User

OFF_BANK = (MethodKind.CASH, MethodKind.PERSONAL)


def to_be_mapped(company: Company) -> QuerySet[PaymentMethod]:
    """The methods in use that a bank shows, each with the `bank_account_id` on which it draws (None: not said)."""
    methods = PaymentMethod.objects.filter(company=company, is_active=True).exclude(kind__in=OFF_BANK)
    return methods.annotate(bank_account_id=F("mapping__bank_account")).order_by("label")


@transaction.atomic
def map_payment_methods(*, company: Company, chosen: Mapping[UUID, BankAccount | None], by: User | None) -> int:
    """Draw each payment method (by id) on a bank account, or on none; how many changed.

    Writes `payment_method.mapped` for each, and has the company matched again. Raises ValueError for a row of
    another company.
    """
    held = {row.payment_method_id: row for row in PaymentMethodMapping.objects.filter(company=company)}
    methods = PaymentMethod.objects.select_for_update().filter(company=company, pk__in=chosen).order_by("pk")
    if len(methods) != len(chosen) or any(account and account.company_id != company.pk for account in chosen.values()):
        raise ValueError("a payment method or a bank account is of another company")
    changed = [method for method in methods if _account_id(held.get(method.pk)) != _pk(chosen[method.pk])]
    for method in changed:
        _draw(company, method, held.get(method.pk), chosen[method.pk], by)
    if changed:
        ask_for_match(company_id=company.pk)
    return len(changed)


def _draw(
    company: Company,
    method: PaymentMethod,
    before: PaymentMethodMapping | None,
    account: BankAccount | None,
    by: User | None,
) -> None:
    if account is None:
        PaymentMethodMapping.objects.filter(payment_method=method).delete()
    else:
        PaymentMethodMapping.objects.update_or_create(
            payment_method=method, defaults={"company": company, "bank_account": account}
        )
    changes = {"bank_account": [str(before.bank_account_id) if before else None, str(account.pk) if account else None]}
    record_event(company=company, kind="payment_method.mapped", subject_id=method.pk, by=by, changes=changes)


def _account_id(row: PaymentMethodMapping | None) -> UUID | None:
    return row.bank_account_id if row else None


def _pk(account: BankAccount | None) -> UUID | None:
    return account.pk if account else None
