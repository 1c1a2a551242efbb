"""« Publier »: a purchase becomes its entry in the journal AC, is taken back while that is a draft, or reversed."""

from datetime import datetime

from django.db import transaction

from achats.assessing import assess_and_store
from achats.books.entry_planning import EntryPlan, Obstacle, accounts_of_entries, plan_entry
from achats.books.supplier_accounts import third_party_of
from achats.changing.editing import lock_row
from achats.models import PurchaseInvoice, Status
from achats.reasons import Reason
from firms.events import record_event
from firms.models import User
from ledger.books import Books
from ledger.models import JournalEntry, ThirdPartyAccount
from ledger.posting import EntryDraft, Movement, post_entry, reverse_entry, take_back_entry

POSTED, UNPOSTED, REVERSED = "purchase.posted", "purchase.unposted", "purchase.reversed"


class CannotPost(Exception):
    """Something must be mended first: `reasons`. `str()` is one French sentence."""

    def __init__(self, invoice: PurchaseInvoice, reasons: list[Reason]) -> None:
        super().__init__(f"{invoice} n’est pas publiée. {reasons[0].message}")
        self.invoice, self.reasons = invoice, reasons


class AlreadyPosted(Exception):
    """It has its entry: `invoice.entry`. `str()` is one French sentence."""

    def __init__(self, invoice: PurchaseInvoice) -> None:
        super().__init__(f"{invoice} est déjà comptabilisée. Rien n’a été changé.")
        self.invoice = invoice


class NotPosted(Exception):
    """It has no entry of its own to take back or to reverse. `str()` is one French sentence."""

    def __init__(self, invoice: PurchaseInvoice) -> None:
        because = "n’est pas comptabilisée : il n’y a rien à reprendre"
        if invoice.status == Status.POSTED:
            because = "est comptabilisée par son règlement : défaites le rapprochement"
        super().__init__(f"{invoice} {because}.")
        self.invoice = invoice


@transaction.atomic
def post_invoice(*, invoice: PurchaseInvoice, by: User | None, at: datetime, books: Books | None = None):
    """Write the entry of `invoice` and mark it POSTED; → its row, with `entry`. Writes `purchase.posted`.

    Two who press at once make one entry: the row is locked. Raises AlreadyPosted, CannotPost. `books` spares two
    queries to who posts many.
    """
    row = lock_row(invoice)
    if row.status == Status.POSTED:
        raise AlreadyPosted(row)
    if row.status == Status.CANCELLED:
        raise CannotPost(row, [Obstacle("cancelled", "Elle est annulée.", "Annulée")])
    lines = list(row.lines.select_related("account", "vat_code").order_by("position"))
    books = books or Books.of(row.company)
    plan = plan_entry(invoice=row, lines=lines, books=books, accounts=accounts_of_entries(row.company))
    if plan.reasons:
        raise CannotPost(row, list(plan.reasons))
    row.entry = post_entry(books=books, journal_code=plan.journal_code, draft=draft_of(plan), by=by, at=at)
    become(row, Status.POSTED)
    tell(row, POSTED, [None, row.entry.name], by, at)
    return row


@transaction.atomic
def unpost_invoice(*, invoice: PurchaseInvoice, by: User | None, at: datetime) -> PurchaseInvoice:
    """Delete its draft entry and assess it again. Writes `purchase.unposted`. Raises NotPosted, EntryFinal."""
    row, entry = _lock_posted(invoice)
    row.entry = None
    become(row, Status.READY)
    name = take_back_entry(entry=entry, books=Books.of(row.company))
    tell(row, UNPOSTED, [name, None], by, at)
    assess_and_store(row, by=by, at=at)
    return row


@transaction.atomic
def reverse_invoice(*, invoice: PurchaseInvoice, by: User | None, at: datetime) -> tuple[PurchaseInvoice, JournalEntry]:
    """Write the contrary of its entry, which stays; the purchase may then be mended and published anew, or cancelled.

    → its row and the contrary. Writes `purchase.reversed`. Raises NotPosted, EntryFinal, NoFiscalYear.
    """
    row, entry = _lock_posted(invoice)
    reversal = reverse_entry(entry=entry, books=Books.of(row.company), by=by, at=at)
    row.entry = None
    become(row, Status.READY)
    tell(row, REVERSED, [entry.name, reversal.name], by, at)
    assess_and_store(row, by=by, at=at)
    return row, reversal


def draft_of(plan: EntryPlan) -> EntryDraft:
    """`plan` as the ledger takes it; the supplier gets his number where he has none. Must run in a transaction."""
    invoice, parties = plan.invoice, dict[str, ThirdPartyAccount]()
    for line in plan.lines:
        if line.third_party and invoice.supplier:
            parties[line.third_party] = third_party_of(supplier=invoice.supplier, collective=line.account)
    return EntryDraft(
        document_on=invoice.issued_on,
        dated_on=plan.posted_on,
        label=plan.label,
        reference=invoice.reference or invoice.external_id[:100],
        movements=[Movement(line.account, line.cents, parties.get(line.third_party)) for line in plan.lines],
    )


def _lock_posted(invoice: PurchaseInvoice) -> tuple[PurchaseInvoice, JournalEntry]:
    row = lock_row(invoice)
    if row.status != Status.POSTED or row.entry_id is None:
        raise NotPosted(row)
    return row, JournalEntry.objects.select_related("journal", "fiscal_year").get(pk=row.entry_id)


def become(row: PurchaseInvoice, status: Status) -> None:
    """Set the status of a locked row."""
    row.status, row.reasons = status, []
    row.save(update_fields=["status", "reasons", "entry", "updated_at"])


def tell(row: PurchaseInvoice, kind: str, entry: list[str | None], by: User | None, at: datetime) -> None:
    """Write what became of its entry: the names before and after."""
    record_event(company=row.company, kind=kind, subject_id=row.pk, by=by, at=at, changes={"entry": entry})
