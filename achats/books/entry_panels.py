"""What a page shows of a purchase's entry: the one that will be, or the one that stands and what may be done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from achats.books.entry_planning import EntryPlan, accounts_of_entries, plan_entry
from achats.models import InvoiceLine, PaymentEntry, PurchaseInvoice, Status
from achats.vat.splits import cents_of
from ledger.books import Books
from ledger.models import EntryLine, EntryState, JournalEntry


@dataclass(frozen=True)
class ShownLine:
    """A line of an entry as read: `code` is the supplier's number under a collective account."""

    code: str
    label: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True)
class WrittenEntry:
    """An entry that stands, with its lines."""

    entry: JournalEntry
    lines: Sequence[EntryLine]

    @property
    def shown(self) -> list[ShownLine]:
        return [
            ShownLine(_code(line), line.account.label, line.debit or None, line.credit or None) for line in self.lines
        ]

    @property
    def total(self) -> Decimal:
        """What is debited, which is what is credited."""
        return _debited(self.shown)


@dataclass(frozen=True)
class EntryPanel:
    """One of `plan`, `written` and `payments`, or none for what is cancelled. A draft of an open day may be taken back.

    `payments` are the entries of what paid it so far, in a company in trésorerie; `unpaid` is what waits for the rest.
    """

    invoice: PurchaseInvoice
    plan: EntryPlan | None = None
    written: WrittenEntry | None = None
    may_be_taken_back: bool = False
    payments: Sequence[WrittenEntry] = ()
    unpaid: Decimal = Decimal(0)

    @property
    def shown(self) -> list[ShownLine]:
        if self.plan:
            return [
                ShownLine(line.third_party or line.account.code, line.account.label, line.debit, line.credit)
                for line in self.plan.lines
            ]
        return self.written.shown if self.written else []

    @property
    def total(self) -> Decimal:
        return _debited(self.shown)

    @property
    def awaits_settlement(self) -> bool:
        return self.plan is not None and self.plan.awaits_settlement

    @property
    def may_be_posted(self) -> bool:
        return self.plan is not None and not self.plan.reasons


def panel_of(invoice: PurchaseInvoice, lines: Sequence[InvoiceLine] | None = None) -> EntryPanel:
    """The panel of `invoice`, whose `lines` spare a query to who has them: four queries."""
    if invoice.status == Status.CANCELLED:
        return EntryPanel(invoice)
    if invoice.status == Status.POSTED:
        return _of_entry(invoice)
    if lines is None:
        lines = list(invoice.lines.select_related("account", "vat_code").order_by("position"))
    company = invoice.company
    accounts = accounts_of_entries(company)
    return EntryPanel(invoice, plan_entry(invoice=invoice, lines=lines, books=Books.of(company), accounts=accounts))


def _of_entry(invoice: PurchaseInvoice) -> EntryPanel:
    entry = JournalEntry.objects.select_related("journal", "fiscal_year").filter(purchase=invoice).first()
    if entry is None:
        return _of_payments(invoice)
    is_open = entry.state == EntryState.DRAFT and not Books.of(invoice.company).is_closed(entry.posted_on)
    return EntryPanel(invoice, written=_written(entry), may_be_taken_back=is_open)


def _of_payments(invoice: PurchaseInvoice) -> EntryPanel:
    rows = PaymentEntry.objects.filter(invoice=invoice).select_related("entry__journal", "entry__fiscal_year")
    payments = list(rows.order_by("entry__posted_on", "pk"))
    left = cents_of(invoice.gross_amount) - sum(row.cents for row in payments)
    written = [_written(row.entry) for row in payments]
    return EntryPanel(invoice, payments=written, unpaid=Decimal(left).scaleb(-2))


def _written(entry: JournalEntry) -> WrittenEntry:
    return WrittenEntry(entry, list(entry.lines.select_related("account", "third_party").order_by("position")))


def _debited(lines: Sequence[ShownLine]) -> Decimal:
    return sum((line.debit for line in lines if line.debit), Decimal(0))


def _code(line: EntryLine) -> str:
    return line.third_party.code if line.third_party else line.account.code
