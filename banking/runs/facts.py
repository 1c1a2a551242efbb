"""Rows → facts: what the engine is told of a company, in three queries whatever the size."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Abs

from achats.models import Kind, MethodKind, PurchaseInvoice
from banking.matching.facts import InvoiceFact, Memory, Policy, TransactionFact
from banking.matching.labels import fold
from banking.matching.methods import person_words, read_method
from banking.models import BankTransaction
from banking.runs.context import Context, in_cents, read_context
from firms.models import Company

CURRENCY = "EUR"
# What `open_invoices` and `open_lines` say of a row, in SQL and in the words of its indexes: whether, and how much.
OPEN = {
    "awaited": "NOT status = 'cancelled' AND NOT settlement = 'settled' AND NOT is_settled_off_bank",
    "awaited_cents": "(gross_amount * 100)::bigint - settled_cents",
    "unmatched": "NOT is_ignored AND allocated_cents < abs(amount) * 100",
    "unmatched_cents": "(abs(amount) * 100)::bigint - allocated_cents",
}
INVOICE_FIELDS = (
    "kind", "supplier_id", "supplier_name", "reference", "issued_on", "due_on", "paid_on", "currency", "gross_amount",
    "settled_cents", "payment_label", "duplicate_of_id", "updated_at", "company_id", "supplier__name",
    "payment_method__kind", "payment_method__last_four", "payment_method__person_name",
)  # fmt: skip
LINE_FIELDS = (
    "account_id", "booked_on", "value_on", "amount", "allocated_cents", "label", "detail", "creditor_identifier",
    "bank_reference", "account__currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine is told of `company`, and by the id of each invoice when the row that it was read from was last
    changed.

    On `observed_accounts` the machine decides and does not act.
    """

    company: Company
    invoices: list[InvoiceFact]
    versions: dict[str, datetime]
    transactions: list[TransactionFact]
    memory: Memory
    policy: Policy
    observed_accounts: frozenset[str] = frozenset()

    @property
    def ends(self) -> list[InvoiceFact | TransactionFact]:
        """Both sides of what may be matched."""
        return [*self.invoices, *self.transactions]


def read_facts(company_id: UUID, *, of_cents: Collection[int] | None = None) -> Facts:
    """The open invoices and lines of a company, what its people refused, and how bold the machine may be.

    With `of_cents` only those in `CURRENCY` of which so much is open. Raises Company.DoesNotExist.
    """
    context = read_context(company_id, of_cents=of_cents)
    invoices, lines = open_invoices(context.company), open_lines(context.company)
    if of_cents is not None:
        invoices = invoices.filter(Q(cents__in=of_cents), currency=CURRENCY)
        lines = lines.filter(Q(cents__in=of_cents), account__currency=CURRENCY)
    rows = list(invoices.select_related("payment_method", "supplier").only(*INVOICE_FIELDS))
    return Facts(
        company=context.company,
        invoices=[_invoice(row, context) for row in rows],
        versions={str(row.pk): row.updated_at for row in rows},
        transactions=[_transaction(row, context.locked_until) for row in lines.only(*LINE_FIELDS)],
        memory=context.memory,
        policy=context.policy,
        observed_accounts=context.observed_accounts,
    )


def cents(amount: Decimal) -> int:
    """Exact cents of an amount of two decimals."""
    return int(amount.scaleb(2))


def open_invoices(company: Company | UUID) -> QuerySet[PurchaseInvoice]:
    """What waits for the bank, with the `cents` that do; a purchase whose total nobody typed yet waits for it."""
    rows = PurchaseInvoice.objects.filter(company=company, gross_amount__gt=0).unsettled()
    return rows.alias(cents=in_cents(F("gross_amount")) - F("settled_cents"))


def open_lines(company: Company | UUID) -> QuerySet[BankTransaction]:
    """The lines of which something is to be explained, with the `cents` of it."""
    rows = BankTransaction.objects.filter(company=company).unmatched().select_related("account")
    return rows.alias(cents=in_cents(Abs("amount")) - F("allocated_cents"))


def _invoice(row: PurchaseInvoice, context: Context) -> InvoiceFact:
    method, told, name = row.payment_method, read_method(row.payment_label), _name(row)
    return InvoiceFact(
        id=str(row.pk),
        issued_on=row.issued_on,
        due_on=row.due_on,
        paid_on=row.paid_on,
        cents=row.sign * (cents(row.gross_amount) - row.settled_cents),
        currency=row.currency,
        supplier=name,
        supplier_key=str(row.supplier_id or fold(name)),
        other_names=context.other_names.get(str(row.supplier_id), ()),
        number=row.reference,
        method_last_four=method.last_four if method else told.last_four,
        account_keys=context.accounts_of.get(str(method.pk), frozenset()) if method else frozenset(),
        payer=" ".join(person_words(fold(method.person_name))) if method and method.person_name else told.payer,
        is_deferred=method.kind == MethodKind.DEFERRED_CARD if method else told.is_deferred,
        is_off_bank=method.is_off_bank if method else told.is_off_bank,
        vetoes=_vetoes(row, context.company),
        makes_series=row.kind == Kind.INVOICE and row.supplier_id is not None,
    )


def _name(row: PurchaseInvoice) -> str:
    return row.supplier.name if row.supplier else "" if row.is_unnamed else row.supplier_name


def _vetoes(row: PurchaseInvoice, company: Company) -> frozenset[str]:
    found = {
        "archived": not company.is_active,
        "duplicate": row.duplicate_of_id is not None,
        "partial": row.settled_cents > 0,
    }
    return frozenset(code for code, holds in found.items() if holds)


def _transaction(row: BankTransaction, locked_until: date | None) -> TransactionFact:
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
    """The label and what the detail adds to it."""
    return joined(row.label, row.detail)


def joined(label: str, detail: str) -> str:
    """The first line of CFONB 120 is cut at 31 characters."""
    added = (piece.strip() for piece in detail.splitlines())
    return " ".join([label, *(piece for piece in added if piece and piece not in label)])
