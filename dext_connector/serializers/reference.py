"""MEG's lists in Dext's words. Codes are strings, decimals too."""

from decimal import Decimal

from achats.models import PaymentMethod, Supplier
from banking.models import BankAccount, BankTransaction
from dext_connector.serializers.rules import rule_fields
from ledger.models import Account, VatCode


def account_answer(account: Account) -> dict:
    return {
        "code": account.code,
        "label": account.label,
        "active": account.is_active,
        "purchase_allowed": account.is_purchase_allowed,
        "default_vat_code": account.default_vat_code.code if account.default_vat_code else None,
    }


def vat_code_answer(vat_code: VatCode) -> dict:
    return {
        "code": vat_code.code,
        "label": vat_code.label,
        "rate": _rate(vat_code.rate),
        "kind": vat_code.kind,
        "deductible_percent": vat_code.deductible_percent,
        "active": vat_code.is_active,
        "may_be_marker": vat_code.may_be_marker,
        "may_be_no_vat": vat_code.may_be_no_vat,
        "valid_from": vat_code.valid_from.isoformat() if vat_code.valid_from else None,
        "valid_until": vat_code.valid_until.isoformat() if vat_code.valid_until else None,
    }


def payment_method_answer(method: PaymentMethod) -> dict:
    """A personal one names the person and their account, the others the bank account that they draw on."""
    mapping = getattr(method, "mapping", None)
    person = {
        "name": method.person_name,
        "email": method.person_email or None,
        "account": method.person_account.code if method.person_account else None,
    }
    return {
        "id": str(method.pk),
        "label": method.label,
        "last_four": method.last_four or None,
        "kind": method.kind,
        "active": method.is_active,
        "bank_account": _bank_account(mapping.bank_account) if mapping else None,
        "person": person if method.kind == "personal" else None,
    }


def supplier_answer(supplier: Supplier) -> dict:
    rule = getattr(supplier, "rule", None)
    return {
        "id": str(supplier.pk),
        "name": supplier.name,
        "aliases": [alias.name for alias in supplier.aliases.all()],
        "siren": supplier.siren or None,
        "vat_number": supplier.vat_number or None,
        "ledger_code": supplier.ledger_code or None,
        "active": supplier.is_active,
        "defaults": rule_fields(rule),
    }


def bank_transaction_answer(line: BankTransaction) -> dict:
    """A line of a statement; a debit is negative."""
    return {
        "id": str(line.pk),
        "date": line.booked_on.isoformat(),
        "label": line.label,
        "amount": f"{line.amount:.2f}",
        "currency": line.account.currency,
        "account": _bank_account(line.account),
    }


def _bank_account(account: BankAccount) -> dict:
    return {"id": str(account.pk), "label": account.label, "last_four": account.last_four or None}


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:.2f}"
