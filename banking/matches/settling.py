"""In a company in trésorerie a match posts its purchase, and the entry goes with the match.

What stands in the rows says what is to be posted (a live match without its entry), so nothing is lost: a person's deed
posts in its own transaction, the worker what the engine matched or what was mended since; the row that is locked and
its one entry, that nothing is posted twice.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from achats.books.payment_planning import Payment
from achats.books.payment_posting import planned_payment, post_payment, withdraw_payment
from achats.books.posting import AlreadyPosted, CannotPost
from achats.models import Status
from achats.reasons import Reason
from banking.matches.allocating import lock_ends
from banking.models import Match
from firms.models import Company, User
from firms.typography import NBSP
from ledger.books import Books, are_cash_based
from ledger.models import AccountingMode, JournalEntry


@transaction.atomic
def post_settlements(*, rows: Sequence[Match], by: User | None, at: datetime) -> None:
    """Write the entry of each of `rows` that has none, where its purchase may be posted; the others stay as they are.

    The caller holds the locks of the rows and of their ends.
    """
    company = rows[0].company
    waiting = [row for row in rows if row.payment_id is None] if are_cash_based(company) else []
    books = Books.of(company) if waiting else None
    for row in waiting:
        try:
            row.payment = post_payment(invoice=row.invoice, payment=payment_of(row), by=by, at=at, books=books)
        except (AlreadyPosted, CannotPost):
            continue
        row.save(update_fields=["payment"])


@transaction.atomic
def withdraw_settlements(*, rows: Sequence[Match], by: User | None, at: datetime) -> None:
    """Take back, or reverse where they are final, the entries of `rows`, the last first.

    Raises NoFiscalYear, EntryFinal. The caller holds the locks of the rows and of their ends.
    """
    for row in reversed(rows):
        if (payment := row.payment) is None:
            continue
        row.payment = None
        row.save(update_fields=["payment"])
        withdraw_payment(payment=payment, by=by, at=at)


def payment_of(match: Match) -> Payment:
    """What a match pays of its purchase, as the books are told."""
    line = match.transaction
    return Payment(
        bank=line.account.ledger_account,
        bank_name=str(line.account),
        currency=line.account.currency,
        cents=match.settles_cents,
        # A difference that a person named has an entry of its own: it changes no charge, and no VAT.
        bank_cents=match.settles_cents if match.gap_kind else abs(match.amount_cents),
        paid_on=line.booked_on,
    )


def obstacles_of(match: Match) -> list[Reason]:
    """Why a live match has not posted its purchase; empty where it has, or where the worker is about to."""
    row = match.invoice
    if match.payment_id or row.entry_id or not are_cash_based(row.company):
        return []
    return list(planned_payment(row, payment_of(match), Books.of(row.company)).reasons)


def posted_in_words(rows: Sequence[Match]) -> str:
    """« Écriture BQ-000012 passée. », or why not; empty in engagement."""
    if not are_cash_based(rows[0].company):
        return ""
    entries = JournalEntry.objects.filter(payment__match__in=rows).select_related("journal", "fiscal_year")
    names = [entry.name for entry in entries.order_by("draft_number")]
    refused = [row for row in rows if row.payment_id is None] if not names else []
    reason = next((reason.message for row in refused for reason in obstacles_of(row)), "")
    if names:
        return f"Écriture{'s' if len(names) > 1 else ''} {', '.join(names)} passée{'s' if len(names) > 1 else ''}."
    return f"Pas comptabilisé{NBSP}: {reason}" if reason else ""


def waiting_matches() -> QuerySet[Match]:
    """Those that may post their purchase and have not."""
    rows = Match.objects.live().filter(payment=None, company__bookkeeping__accounting_mode=AccountingMode.CASH)
    rows = rows.filter(invoice__entry=None, invoice__status__in=(Status.READY, Status.POSTED))
    return rows.filter(
        transaction__account__ledger_account__isnull=False, transaction__account__currency=F("company__currency")
    )


def post_waiting(*, company_id: UUID) -> None:
    """Post what waits in a company, the oldest payment first, each in its own transaction; may run beside itself."""
    waiting = waiting_matches().filter(company=company_id).order_by("transaction__booked_on", "pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        _post_one(pk)


def companies_with_waiting() -> QuerySet[Company]:
    return Company.objects.filter(
        Exists(waiting_matches().filter(company=OuterRef("pk"))), bookkeeping__accounting_mode=AccountingMode.CASH
    )


@transaction.atomic
def _post_one(pk: UUID) -> None:
    """Lock the ends, then the match, as every writer of matches; nothing where another was faster."""
    ends = Match.objects.filter(pk=pk).values_list("invoice_id", "transaction_id").first()
    if ends is None:
        return
    lock_ends([ends[0]], [ends[1]])
    rows = waiting_matches().filter(pk=pk).select_for_update(no_key=True, of=("self",))
    row = rows.select_related("company__bookkeeping", "invoice", "transaction__account", "decided_by").first()
    if row:
        post_settlements(rows=[row], by=row.decided_by, at=timezone.now())
