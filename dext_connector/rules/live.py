"""The live rules as Dext sends them: a supplier's account, VAT code, payment method, due days, description, paid."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from achats.models import PaymentMethod, Supplier, SupplierRule
from achats.suppliers.finding import find_or_create_supplier, wait_for_suppliers
from achats.suppliers.ruling import RuleValues, set_rule, values_of
from dext_connector.payloads import Fault, NamedPayment, NamedSupplier, SentSupplierRule
from dext_connector.resolving import Rows, account_faults, vat_faults
from dext_connector.serializers.rules import RulesRefused
from firms.models import Company, User
from ledger.models import Account, VatCode


class RuleExists(RulesRefused):
    """The supplier has a rule already, which says something else."""


def rules_for(company: Company) -> QuerySet[SupplierRule]:
    rows = SupplierRule.objects.filter(company=company)
    return rows.select_related("supplier", "account", "vat_code", "payment_method")


def rule_of(company: Company, rule_id: str) -> SupplierRule:
    """Raises Http404."""
    try:
        rule = rules_for(company).filter(pk=UUID(rule_id)).first()
    except ValueError as error:
        raise Http404 from error
    if rule is None:
        raise Http404
    return rule


@transaction.atomic
def create_rule(*, company: Company, sent: SentSupplierRule, by: User, at: datetime) -> tuple[SupplierRule, bool]:
    """The rule of a supplier who had none, and True; his own rule, and False, where it says the same already.

    The supplier is found by id, number or name, else created. Raises RulesRefused: every fault; RuleExists.
    """
    values, faults = _resolve(company, sent, at)
    if sent.faults or faults:
        raise RulesRefused([*sent.faults, *faults])
    supplier = _supplier(company, sent.supplier)
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
    held = rules_for(company).filter(supplier=supplier).first()
    if held is None:
        set_rule(supplier=supplier, values=values, by=by, at=at)
        return rules_for(company).get(supplier=supplier), True
    if values_of(held) != values:
        words = f"Le fournisseur «\u00a0{supplier}\u00a0» a déjà une règle\u00a0: modifiez-la."
        raise RuleExists([Fault(code="rule_exists", pointer="/supplier", value=str(held.pk), message=words)])
    return held, False


@transaction.atomic
def replace_rule(*, rule: SupplierRule, sent: SentSupplierRule, by: User, at: datetime) -> SupplierRule:
    """Make `rule` say what came, and nothing else; its supplier stays. Raises RulesRefused: every fault."""
    company = rule.supplier.company
    values, faults = _resolve(company, sent, at)
    faults += _other_supplier(rule, sent.supplier)
    if sent.faults or faults:
        raise RulesRefused([*sent.faults, *faults])
    set_rule(supplier=rule.supplier, values=values, by=by, at=at)
    return rules_for(company).get(supplier=rule.supplier)


def delete_rule(*, rule: SupplierRule, by: User, at: datetime) -> None:
    set_rule(supplier=rule.supplier, values=None, by=by, at=at)


def _resolve(company: Company, sent: SentSupplierRule, at: datetime) -> tuple[RuleValues, list[Fault]]:
    rows = Rows(
        accounts={row.code: row for row in Account.objects.filter(company=company, code=sent.account)},
        vat_codes={row.code: row for row in VatCode.objects.filter(company=company, code=sent.vat_code)},
        payment_method=_payment_method(company, sent.payment),
    )
    faults = list(account_faults("/account", sent.account, rows)) if sent.account else []
    if sent.vat_code:
        faults += vat_faults("/vat_code", sent.vat_code, rows, on=timezone.localdate(at))
    faults += _payment_faults(sent.payment, rows.payment_method)
    values = RuleValues(
        account=rows.accounts.get(sent.account),
        vat_code=rows.vat_codes.get(sent.vat_code),
        payment_method=rows.payment_method,
        due_days=sent.due_days,
        description=sent.description,
        is_paid=sent.is_paid,
    )
    return values, faults


def _payment_method(company: Company, named: NamedPayment) -> PaymentMethod | None:
    rows = PaymentMethod.objects.filter(company=company, is_active=True)
    if not named.id:
        return rows.filter(label=named.label).first() if named.label else None
    try:
        return rows.filter(pk=UUID(named.id)).first()
    except ValueError:
        return None


def _payment_faults(named: NamedPayment, found: PaymentMethod | None) -> Iterator[Fault]:
    value = named.id or named.label
    if value and found is None:
        mend = "actualisez les données de l’intégration dans Dext."
        words = f"Le moyen de paiement «\u00a0{value}\u00a0» est inconnu ou archivé\u00a0: {mend}"
        pointer = f"/payment_method/{'id' if named.id else 'label'}"
        yield Fault(code="unknown_payment_method", pointer=pointer, value=value, message=words)


def _supplier(company: Company, named: NamedSupplier) -> Supplier:
    """Raises RulesRefused where the id is unknown, or two answer to the name."""
    if named.id:
        return supplier_of(company, named.id)
    wait_for_suppliers(company, [named.name], named.siren, named.vat_number)
    found = find_or_create_supplier(company=company, name=named.name, siren=named.siren, vat_number=named.vat_number)
    if found is None:
        raise RulesRefused([ambiguous(named.name, "/supplier/name")])
    return found


def supplier_of(company: Company, key: str) -> Supplier:
    try:
        found = Supplier.objects.filter(company=company, is_active=True, pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        words = f"Le fournisseur «\u00a0{key}\u00a0» est inconnu ou archivé\u00a0: actualisez les données dans Dext."
        raise RulesRefused([Fault(code="unknown_supplier", pointer="/supplier/id", value=key, message=words)])
    return found


def ambiguous(name: str, pointer: str) -> Fault:
    words = f"Plusieurs fournisseurs de MEG répondent à «\u00a0{name}\u00a0»\u00a0: nommez-le par son identifiant."
    return Fault(code="supplier_ambiguous", pointer=pointer, value=name, message=words)


def _other_supplier(rule: SupplierRule, named: NamedSupplier) -> list[Fault]:
    if not named.id or named.id == str(rule.supplier_id):
        return []
    words = f"Cette règle est celle de «\u00a0{rule.supplier}\u00a0»\u00a0: elle ne change pas de fournisseur."
    return [Fault(code="supplier_not_editable", pointer="/supplier/id", value=named.id, message=words)]
