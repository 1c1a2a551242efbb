"""What a person may choose for a line: open purchases found by words or amount, other open lines of the account."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Abs

from achats.browsing.filter_conditions import filtered
from achats.models import Kind, PurchaseInvoice, PurchaseInvoiceQuerySet
from banking.codings import left_of
from banking.matches.exchange import due_cents, left_cents
from banking.matches.gap_posting import CHARGES, GAINS
from banking.models import BankTransaction, GapKind
from firms.typography import read_amount
from ledger.books import are_cash_based

OFFERED = 10
OTHER_LINES = 10
AROUND = Decimal("0.02")


@dataclass(frozen=True)
class Choice:
    """A row to tick. `cents` counts in the sum on its side, in the line's currency: negative for what is deducted, None
    for a purchase in another currency that has no total in it.
    """

    row: PurchaseInvoice | BankTransaction
    cents: int | None
    is_chosen: bool
    is_foreign: bool = False

    @property
    def amount(self) -> Decimal | None:
        return None if self.cents is None else Decimal(self.cents).scaleb(-2)


@dataclass(frozen=True)
class Offer:
    """What stands to choose from for a line; `search` is as asked, `is_cut` whether more was found than is shown."""

    line: BankTransaction
    search: str
    invoices: list[Choice]
    lines: list[Choice]
    is_cut: bool

    @property
    def own_cents(self) -> int:
        return left_cents(self.line)

    @property
    def has_lines(self) -> bool:
        return any(choice.is_chosen for choice in self.lines)

    @property
    def gap_cents(self) -> int:
        return self.line_cents - self.chosen_cents

    @property
    def line_cents(self) -> int:
        return self.own_cents + sum(choice.cents or 0 for choice in self.lines if choice.is_chosen)

    @property
    def chosen_cents(self) -> int:
        return sum(choice.cents or 0 for choice in self.invoices if choice.is_chosen)

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        """(kind, words with its account, « plus » or « moins » paid than owed) of what a difference may be."""
        costs, gains = ("plus", "moins") if self.line.amount < 0 else ("moins", "plus")
        never = set() if self.line.amount < 0 else {GapKind.DISCOUNT}
        if not any(choice.is_foreign for choice in self.invoices) or are_cash_based(self.line.company):
            never.add(GapKind.EXCHANGE)
        return [
            (kind.value, f"{kind.label} ({accounts[kind]})", sign)
            for sign, accounts in ((costs, CHARGES), (gains, GAINS))
            for kind in accounts
            if kind not in never
        ]

    @property
    def number_chosen(self) -> int:
        return sum(choice.is_chosen for choice in self.invoices)


def offer_for(line: BankTransaction, *, search: str, chosen: Collection[UUID], also: Collection[UUID]) -> Offer:
    """The ticked rows first, then what answers to `search`, the nearest amounts first: four queries at most."""
    invoices = open_invoices(line)
    ticked = list(invoices.filter(pk__in=chosen).order_by("issued_on", "pk")) if chosen else []
    found = list(_searched(invoices, line, search).exclude(pk__in=chosen)[: OFFERED + 1])
    lines = other_lines(line)
    kept = list(lines.filter(pk__in=also)) if also else []
    near = list(lines.exclude(pk__in=also)[:OTHER_LINES])
    return Offer(
        line,
        search,
        [_of_invoice(line, row, row in ticked) for row in [*ticked, *found[:OFFERED]]],
        [Choice(row, left_cents(row), row in kept) for row in [*kept, *near]],
        len(found) > OFFERED,
    )


def open_invoices(line: BankTransaction) -> PurchaseInvoiceQuerySet:
    """The purchases that the bank is still expected to show, in the currency of the line's account, if that is the
    company's in any."""
    rows = PurchaseInvoice.objects.unsettled().filter(company=line.company_id, gross_amount__gt=0)
    is_own = line.account.currency == line.company.currency
    return rows if is_own else rows.filter(currency=line.account.currency)


def other_lines(line: BankTransaction) -> QuerySet[BankTransaction]:
    """The other open lines of the account in the same sense, newest first."""
    rows = BankTransaction.objects.unmatched().filter(company=line.company_id, account=line.account_id)
    same = rows.filter(amount__lt=0) if line.amount < 0 else rows.filter(amount__gt=0)
    return same.exclude(pk=line.pk).select_related("account").order_by("-booked_on", "-pk")


def _searched(rows: PurchaseInvoiceQuerySet, line: BankTransaction, search: str) -> QuerySet[PurchaseInvoice]:
    amount = read_amount(search)
    aim = abs(amount) if amount is not None else left_of(line)
    if search:
        near = (aim * (1 - AROUND), aim * (1 + AROUND))
        around = Q(gross_amount__range=near) | Q(base_gross_amount__range=near)
        found = rows.filter(pk__in=filtered(rows, {"q": search}).values("pk"))
        rows = rows.filter(around) | found if amount is not None else found
    is_own, settled = Q(currency=line.account.currency), F("settled_cents") / Value(Decimal(100))
    in_base = F("base_gross_amount") * (F("gross_amount") - settled) / F("gross_amount")
    open_amount = Case(When(is_own, then=F("gross_amount") - settled), default=in_base)
    distance = ExpressionWrapper(Abs(open_amount - Value(aim)), DecimalField(max_digits=20, decimal_places=4))
    usual = Kind.CREDIT_NOTE if line.amount > 0 else None
    is_other = Q(kind=Kind.CREDIT_NOTE) if usual is None else ~Q(kind=Kind.CREDIT_NOTE)
    rows = rows.annotate(distance=distance, is_other=Case(When(is_other, then=Value(1)), default=Value(0)))
    return rows.order_by("is_other", F("distance").asc(nulls_last=True), "-issued_on", "pk")


def _of_invoice(line: BankTransaction, invoice: PurchaseInvoice, is_chosen: bool) -> Choice:
    currency, sense = line.account.currency, invoice.sign * (1 if line.amount < 0 else -1)
    is_foreign = invoice.currency != currency
    cents = due_cents(invoice, currency)
    return Choice(invoice, None if cents is None else cents * sense, is_chosen and cents is not None, is_foreign)
