"""What a page shows of a purchase's entry: the one that will be, or the one that stands and what may be done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from achats.entry_planning import EntryPlan, accounts_of_entries, plan_entry
from achats.models import InvoiceLine, PurchaseInvoice, Status
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
class EntryPanel:
    """One of `plan` and `entry`, or none for what is cancelled. A draft of an open day may be taken back."""

    invoice: PurchaseInvoice
    plan: EntryPlan | None = None
    entry: JournalEntry | None = None
    lines: Sequence[EntryLine] = ()
    may_be_taken_back: bool = False

    @property
    def shown(self) -> list[ShownLine]:
        if self.plan:
            return [
                ShownLine(line.third_party or line.account.code, line.account.label, line.debit, line.credit)
                for line in self.plan.lines
            ]
        return [
            ShownLine(_code(line), line.account.label, line.debit or None, line.credit or None) for line in self.lines
        ]

    @property
    def total(self) -> Decimal:
        """What is debited, which is what is credited."""
        return sum((line.debit for line in self.shown if line.debit), Decimal(0))

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
        return EntryPanel(invoice)
    lines = list(entry.lines.select_related("account", "third_party").order_by("position"))
    is_open = entry.state == EntryState.DRAFT and not Books.of(invoice.company).is_closed(entry.posted_on)
    return EntryPanel(invoice, entry=entry, lines=lines, may_be_taken_back=is_open)


def _code(line: EntryLine) -> str:
    return line.third_party.code if line.third_party else line.account.code
