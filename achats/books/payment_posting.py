"""In a company in trésorerie a purchase is posted by what pays it: one entry a payment, withdrawn with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from achats.assessing import assess_and_store
from achats.books.entry_planning import Obstacle, accounts_of_entries
from achats.books.payment_planning import FINANCIAL, Payment, plan_payment
from achats.books.posting import POSTED, REVERSED, UNPOSTED, AlreadyPosted, CannotPost, become, draft_of, tell
from achats.changing.editing import lock_row
from achats.models import PaymentEntry, PurchaseInvoice, Status
from firms.models import User
from ledger.books import Books
from ledger.models import EntryLine, JournalEntry
from ledger.posting import post_entry
from ledger.withdrawing import withdraw_entry

PART_POSTED, PART_WITHDRAWN = "purchase.payment_posted", "purchase.payment_withdrawn"


@transaction.atomic
def post_payment(
    *, invoice: PurchaseInvoice, payment: Payment, by: User | None, at: datetime, books: Books | None = None
) -> PaymentEntry:
    """Write the entry of `payment`; the purchase is POSTED from its first one on.

    Writes `purchase.posted`, or `purchase.payment_posted` for the next ones. Raises AlreadyPosted where the purchase
    was posted before it was paid, CannotPost.
    """
    row = lock_row(invoice)
    if row.entry_id:
        raise AlreadyPosted(row)
    if row.status == Status.CANCELLED:
        raise CannotPost(row, [Obstacle("cancelled", "Elle est annulée.", "Annulée")])
    books = books or Books.of(row.company)
    plan = planned_payment(row, payment, books)
    if plan.reasons:
        raise CannotPost(row, list(plan.reasons))
    entry = post_entry(books=books, journal_code=plan.journal_code, draft=draft_of(plan), by=by, at=at)
    paid = PaymentEntry.objects.create(company=row.company, invoice=row, entry=entry, cents=payment.cents)
    kind = PART_POSTED if row.status == Status.POSTED else POSTED
    become(row, Status.POSTED)
    tell(row, kind, [None, entry.name], by, at)
    return paid


@transaction.atomic
def withdraw_payment(*, payment: PaymentEntry, by: User | None, at: datetime) -> JournalEntry | None:
    """Take back the entry of `payment`, or write its contrary where it is final; → the contrary. The row goes.

    After the last one the purchase is assessed again. Writes `purchase.unposted`, `purchase.reversed`, or
    `purchase.payment_withdrawn` while others stand. Raises EntryFinal, NoFiscalYear.
    """
    row = lock_row(payment.invoice)
    entry = JournalEntry.objects.select_related("journal", "fiscal_year").get(pk=payment.entry_id)
    name = entry.name
    payment.delete()
    contrary = withdraw_entry(entry=entry, books=Books.of(row.company), by=by, at=at)
    is_last = not row.payment_entries.exists()
    kind = PART_WITHDRAWN if not is_last else REVERSED if contrary else UNPOSTED
    if is_last:
        become(row, Status.READY)
    tell(row, kind, [name, contrary.name if contrary else None], by, at)
    if is_last:
        assess_and_store(row, by=by, at=at)
    return contrary


def planned_payment(row: PurchaseInvoice, payment: Payment, books: Books):
    """The entry to be of `payment`, as its purchase stands: three queries."""
    return plan_payment(
        invoice=row,
        lines=list(row.lines.select_related("account", "vat_code").order_by("position")),
        books=books,
        accounts=accounts_of_entries(row.company),
        payment=payment,
        posted=_posted(row),
    )


def _posted(row: PurchaseInvoice) -> dict[UUID, int]:
    """What earlier payments moved, by account, in cents; not the bank."""
    lines = EntryLine.objects.filter(entry__payment__invoice=row).exclude(account__code__startswith=FINANCIAL)
    sums = lines.order_by().values_list("account").annotate(debit=Sum("debit"), credit=Sum("credit"))
    return {account: int((debit - credit) * 100) for account, debit, credit in sums}
