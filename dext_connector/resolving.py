"""The codes and ids that an item names → the rows of the company; what is unknown, archived or not allowed is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Model, QuerySet

from achats.expense_notes import is_of_nobody, personal_method_of, says_personal
from achats.models import PaymentMethod, Supplier
from dext_connector.payloads import Fault, PublishedItem
from firms.models import Company
from firms.typography import format_day
from ledger.models import Account, VatCode


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that an item names; accounts and VAT codes by code."""

    accounts: dict[str, Account] = field(default_factory=dict)
    vat_codes: dict[str, VatCode] = field(default_factory=dict)
    payment_method: PaymentMethod | None = None
    supplier: Supplier | None = None


def resolve(*, company: Company, item: PublishedItem) -> tuple[Rows, list[Fault]]:
    """One query a kind of row. A payment label that no method bears is no fault: it is kept as text."""
    accounts, vat_codes = dict(_named(item, "account")), dict(_named(item, "vat_code"))
    rows = Rows(
        accounts=_by_code(Account.objects.filter(company=company), accounts.values()),
        vat_codes=_by_code(VatCode.objects.filter(company=company), vat_codes.values()),
        payment_method=_payment_method(company, item),
        supplier=_by_id(Supplier.objects.filter(company=company, is_active=True), item.supplier.id),
    )
    day = None if _has_no_date(item) else item.issued_on
    faults = [fault for at, code in accounts.items() for fault in account_faults(at, code, rows)]
    faults += [fault for at, code in vat_codes.items() for fault in vat_faults(at, code, rows, on=day)]
    return rows, faults + list(_id_faults(item, rows))


def _named(item: PublishedItem, field_name: str) -> Iterator[tuple[str, str]]:
    """(pointer, code) of the item and of each line that names one."""
    if code := getattr(item, field_name):
        yield f"/{field_name}", code
    for index, line in enumerate(item.lines):
        if code := getattr(line, field_name):
            yield f"/lines/{index}/{field_name}", code


def _by_code[Row: (Account, VatCode)](rows: QuerySet[Row], codes: Iterable[str]) -> dict[str, Row]:
    wanted = set(codes)
    return {row.code: row for row in rows.filter(code__in=wanted)} if wanted else {}


def _by_id[Row: Model](rows: QuerySet[Row], key: str) -> Row | None:
    try:
        return rows.filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None


def _payment_method(company: Company, item: PublishedItem) -> PaymentMethod | None:
    rows = PaymentMethod.objects.filter(company=company, is_active=True)
    if item.payment.id:
        named = _by_id(rows, item.payment.id)
    else:
        named = rows.filter(label=item.payment.label).first() if item.payment.label else None
    return _method_of_owner(company, item, named) or named


def _method_of_owner(company: Company, item: PublishedItem, named: PaymentMethod | None) -> PaymentMethod | None:
    """« Note de frais »: the personal method of the owner, where the item names none, or a personal one of nobody."""
    if not (item.owner_name or item.owner_email):
        return None
    is_silent = named is None and not item.payment.id
    is_personal = is_silent and (not item.payment.label or says_personal(item.payment.label))
    if is_personal or (named is not None and is_of_nobody(named)):
        return personal_method_of(company=company, name=item.owner_name, email=item.owner_email)
    return None


def account_faults(pointer: str, code: str, rows: Rows) -> Iterator[Fault]:
    account, mend = rows.accounts.get(code), "choisissez-en un autre dans Dext."
    if account is None:
        words = f"Le compte «\u00a0{code}\u00a0» n’existe pas dans ce dossier\u00a0: {mend}"
        yield Fault(code="unknown_account", pointer=pointer, value=code, message=words)
    elif not account.is_active:
        words = f"Le compte «\u00a0{account}\u00a0» est archivé\u00a0: {mend}"
        yield Fault(code="archived_account", pointer=pointer, value=code, message=words)
    elif not account.is_purchase_allowed:
        words = f"Le compte «\u00a0{account}\u00a0» n’est pas ouvert aux achats\u00a0: {mend}"
        yield Fault(code="account_not_for_purchases", pointer=pointer, value=code, message=words)


def vat_faults(pointer: str, code: str, rows: Rows, *, on: date | None) -> Iterator[Fault]:
    vat_code, mend = rows.vat_codes.get(code), "choisissez-en un autre dans Dext."
    if vat_code is None:
        words = f"Le code TVA «\u00a0{code}\u00a0» n’existe pas dans ce dossier\u00a0: {mend}"
        yield Fault(code="unknown_vat_code", pointer=pointer, value=code, message=words)
    elif not vat_code.is_active:
        words = f"Le code TVA «\u00a0{vat_code}\u00a0» est archivé\u00a0: {mend}"
        yield Fault(code="archived_vat_code", pointer=pointer, value=code, message=words)
    elif on is not None and not vat_code.is_valid_on(on):
        words = f"Le code TVA «\u00a0{vat_code}\u00a0» n’est pas valable au {format_day(on)}\u00a0: {mend}"
        yield Fault(code="vat_code_not_valid", pointer=pointer, value=code, message=words)


def _has_no_date(item: PublishedItem) -> bool:
    return any(fault.pointer == "/date" for fault in item.faults)


def _id_faults(item: PublishedItem, rows: Rows) -> Iterator[Fault]:
    mend = "actualisez les données de l’intégration dans Dext."
    if item.payment.id and rows.payment_method is None:
        words = f"Le moyen de paiement «\u00a0{item.payment.id}\u00a0» est inconnu ou archivé\u00a0: {mend}"
        yield Fault(code="unknown_payment_method", pointer="/payment_method/id", value=item.payment.id, message=words)
    if item.supplier.id and rows.supplier is None:
        words = f"Le fournisseur «\u00a0{item.supplier.id}\u00a0» est inconnu ou archivé\u00a0: {mend}"
        yield Fault(code="unknown_supplier", pointer="/supplier/id", value=item.supplier.id, message=words)
