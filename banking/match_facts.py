"""Rows → facts: what the engine is told of a company, in a number of queries that does not grow with the rows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef

from achats.models import Kind, MethodKind, PurchaseInvoice, SupplierAlias
from banking.matching.facts import InvoiceFact, Memory, Policy, TransactionFact
from banking.matching.labels import fold
from banking.matching.methods import person_words, read_method
from banking.models import Automation, BankAccount, BankAlias, BankTransaction, Match, PaymentMethodMapping
from banking.policies import weights_of
from firms.models import Company
from ledger.models import Bookkeeping

INVOICE_FIELDS = (
    "kind", "supplier_id", "supplier_name", "reference", "issued_on", "due_on", "paid_on", "currency", "gross_amount",
    "settled_cents", "payment_label", "duplicate_of_id", "updated_at",
    "payment_method__kind", "payment_method__last_four", "payment_method__person_name",
)  # fmt: skip
LINE_FIELDS = (
    "account_id", "booked_on", "value_on", "amount", "allocated_cents", "label", "detail", "creditor_identifier",
    "bank_reference", "account__currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine is told, and by the id of each invoice when the row that it was read from was last changed.

    On `observed_accounts` the machine decides and does not act.
    """

    invoices: list[InvoiceFact]
    versions: dict[str, datetime]
    transactions: list[TransactionFact]
    memory: Memory
    policy: Policy
    observed_accounts: frozenset[str] = frozenset()


def read_facts(company: Company) -> Facts:
    """The open invoices and lines of `company`, what its people refused, and how bold the machine may be."""
    rows = _rows(company)
    versions = {str(row.pk): row.updated_at for row in rows}
    memory = Memory(aliases=_aliases(company), refused=_refused(company), lags=_lags(company))
    accounts = list(BankAccount.objects.filter(company=company).only("automation", "automatic_cap"))
    observed = frozenset(str(row.pk) for row in accounts if row.automation == Automation.OBSERVED)
    policy = _policy(company, accounts)
    return Facts(_invoices(company, rows), versions, _transactions(company), memory, policy, observed)


def cents(amount: Decimal) -> int:
    """Exact cents of an amount of two decimals."""
    return int(amount.scaleb(2))


def _rows(company: Company) -> list[PurchaseInvoice]:
    """What waits for the bank; a purchase whose total nobody typed yet waits for its total."""
    rows = PurchaseInvoice.objects.for_company(company).unsettled().filter(gross_amount__gt=0)
    rows = rows.select_related("payment_method", "supplier")
    return list(rows.only(*INVOICE_FIELDS, "company_id", "supplier__name"))


def _invoices(company: Company, rows: list[PurchaseInvoice]) -> list[InvoiceFact]:
    accounts: defaultdict[UUID, set[str]] = defaultdict(set)
    for mapping in PaymentMethodMapping.objects.filter(company=company):
        accounts[mapping.payment_method_id].add(str(mapping.bank_account_id))
    names = _other_names(company)
    return [_invoice(row, accounts, names) for row in rows]


def _other_names(company: Company) -> dict[UUID | None, tuple[str, ...]]:
    """The other names of each supplier, in a fixed order."""
    found: defaultdict[UUID | None, tuple[str, ...]] = defaultdict(tuple)
    rows = SupplierAlias.objects.filter(company=company).order_by("folded_name")
    for supplier_id, name in rows.values_list("supplier_id", "name"):
        found[supplier_id] += (name,)
    return found


def _invoice(
    row: PurchaseInvoice, accounts: dict[UUID, set[str]], names: dict[UUID | None, tuple[str, ...]]
) -> InvoiceFact:
    method, told = row.payment_method, read_method(row.payment_label)
    name = row.supplier.name if row.supplier else "" if row.is_unnamed else row.supplier_name
    return InvoiceFact(
        id=str(row.pk),
        issued_on=row.issued_on,
        due_on=row.due_on,
        paid_on=row.paid_on,
        cents=row.sign * (cents(row.gross_amount) - row.settled_cents),
        currency=row.currency,
        supplier=name,
        supplier_key=str(row.supplier_id or fold(name)),
        other_names=names.get(row.supplier_id, ()),
        number=row.reference,
        method_last_four=method.last_four if method else told.last_four,
        account_keys=frozenset(accounts.get(method.pk, ())) if method else frozenset(),
        payer=" ".join(person_words(fold(method.person_name))) if method and method.person_name else told.payer,
        is_deferred=method.kind == MethodKind.DEFERRED_CARD if method else told.is_deferred,
        is_off_bank=method.is_off_bank if method else told.is_off_bank,
        vetoes=_vetoes(row),
    )


def _vetoes(row: PurchaseInvoice) -> frozenset[str]:
    found = {"duplicate": row.duplicate_of_id is not None, "partial": row.settled_cents > 0}
    return frozenset(code for code, holds in found.items() if holds)


def _transactions(company: Company) -> list[TransactionFact]:
    locked_until = Bookkeeping.objects.filter(company=company).values_list("locked_until", flat=True).first()
    rows = BankTransaction.objects.filter(company=company).unmatched().select_related("account")
    return [_transaction(row, locked_until) for row in rows.only(*LINE_FIELDS)]


def _transaction(row: BankTransaction, locked_until) -> TransactionFact:
    left = cents(abs(row.amount)) - row.allocated_cents
    is_closed = locked_until is not None and row.booked_on <= locked_until
    return TransactionFact(
        id=str(row.pk),
        account_id=str(row.account_id),
        booked_on=row.booked_on,
        value_on=row.value_on,
        cents=-left if row.amount < 0 else left,
        label=whole_label(row),
        currency=row.account.currency,
        creditor_identifier=row.creditor_identifier,
        bank_reference=row.bank_reference,
        vetoes=frozenset({"closed_period"} if is_closed else ()),
    )


def whole_label(row: BankTransaction) -> str:
    """The label and what the detail adds to it: the first line of CFONB 120 is cut at 31 characters."""
    added = (piece.strip() for piece in row.detail.splitlines())
    return " ".join([row.label, *(piece for piece in added if piece and piece not in row.label)])


def _refused(company: Company) -> frozenset[tuple[str, str]]:
    pairs = Match.objects.filter(company=company).against().values_list("invoice_id", "transaction_id")
    return frozenset((str(invoice), str(transaction)) for invoice, transaction in pairs)


def _lags(company: Company) -> dict[tuple[str, int], frozenset[int]]:
    """How long after its document each supplier was paid an amount that it asks for again."""
    alike = (
        PurchaseInvoice.objects.for_company(company)
        .unsettled()
        .filter(
            supplier=OuterRef("invoice__supplier"), gross_amount=OuterRef("invoice__gross_amount"), kind=Kind.INVOICE
        )
    )
    rows = Match.objects.filter(Exists(alike), company=company, group=None, invoice__kind=Kind.INVOICE).live()
    found: defaultdict[tuple[str, int], frozenset[int]] = defaultdict(frozenset)
    ends = ("invoice__supplier_id", "invoice__gross_amount", "invoice__issued_on", "transaction__booked_on")
    for supplier_id, amount, issued_on, booked_on in rows.values_list(*ends):
        found[str(supplier_id), cents(amount)] |= {(booked_on - issued_on).days}
    return found


def _aliases(company: Company) -> dict[str, str]:
    """A label's core or a creditor identifier → the one supplier that people always confirmed for it."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for key, supplier_id in BankAlias.objects.filter(company=company).values_list("key", "supplier_id"):
        meant[key].add(str(supplier_id))
    return {key: suppliers.pop() for key, suppliers in meant.items() if len(suppliers) == 1}


def _policy(company: Company, accounts: list[BankAccount]) -> Policy:
    return Policy(
        weights=weights_of(company),
        accounts_without_auto=frozenset(str(row.pk) for row in accounts if row.automation == Automation.OFF),
        caps_cents={str(row.pk): cents(row.automatic_cap) for row in accounts if row.automatic_cap is not None},
    )
