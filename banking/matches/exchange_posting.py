"""The exchange of a match that was proposed or made by the machine: what its line paid beyond what its purchase weighs.

The machine tells what a line takes of a purchase in another currency; what that weighs in the books is said here, when
a person confirms it or once the machine has made it, and the difference is posted as one named by hand is. A row that
has not its weight yet waits for it, so nothing is lost. In trésorerie a purchase costs what was paid: there is none.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from banking.matches.allocating import lock_ends
from banking.matches.exchange import base_cents, lacks_total
from banking.matches.gap_posting import CHARGES, GAINS, cost_of, gap_in_words, post_gap
from banking.matches.gaps import GapStays
from banking.models import GapKind, Match
from firms.models import User
from firms.typography import NBSP, format_money
from ledger.books import are_cash_based
from ledger.models import AccountingMode


def bears_exchange(match: Match) -> bool:
    """Whether the books of its company, in the currency of its line, know its purchase in another."""
    line, company = match.transaction.account.currency, match.company
    return match.invoice.currency != line == company.currency and not are_cash_based(company)


@transaction.atomic
def post_exchange(*, rows: Sequence[Match], by: User | None, at: datetime) -> None:
    """Say of each live row of a purchase in another currency what it weighs in the books, and post the difference.

    Rows that have it already stay. Raises GapStays. The caller holds the locks of the rows and of their ends.
    """
    for row in rows:
        if row.base_cents is not None or not bears_exchange(row):
            continue
        weigh(row)
        row.save(update_fields=["base_cents", "gap_kind"])
        if row.gap_kind:
            post_gap(match=row, by=by, at=at)


def weigh(match: Match) -> None:
    """Set what it settles in the currency of its line, and whether that differs from what the line paid.

    Raises GapStays where its purchase has no total in that currency.
    """
    invoice, currency = match.invoice, match.transaction.account.currency
    weighed = Match.objects.live().filter(invoice=invoice, base_cents__isnull=False).exclude(pk=match.pk)
    before = 0
    if match.settles_cents < int(invoice.gross_amount * 100):
        before = weighed.aggregate(cents=Sum("invoice_cents"))["cents"] or 0
    match.base_cents = base_cents(invoice, currency, settles=match.settles_cents, before=before)
    if match.base_cents is None:
        raise GapStays(lacks_total(invoice, currency))
    match.gap_kind = GapKind.EXCHANGE if match.amount_cents != match.base_cents else ""


def gaps_in_words(rows: Sequence[Match]) -> str:
    """What the difference was (`gap_in_words`); what it will be of what is proposed; why it waits of what was made."""
    if told := gap_in_words(rows):
        return told
    return next(_exchanges(rows), "")


def _exchanges(rows: Sequence[Match]) -> Iterator[str]:
    for row in rows:
        if row.base_cents is None and bears_exchange(row):
            seen = Match(**{name: getattr(row, name) for name in ("pk", "invoice", "transaction", "amount_cents")})
            seen.invoice_cents = row.invoice_cents
            try:
                weigh(seen)
            except GapStays as refusal:
                yield refusal.because
            else:
                yield _in_words(seen, "passé à la confirmation" if row.state == "suggested" else "qui reste à passer")


def _in_words(match: Match, when: str) -> str:
    currency = match.transaction.account.currency
    total = f"Dans les livres{NBSP}: {format_money(Decimal(match.base_cents or 0).scaleb(-2), currency)}"
    if not match.gap_kind:
        return f"{total}, sans écart de change."
    cost = cost_of(match)
    amount = format_money(Decimal(abs(cost)).scaleb(-2), currency)
    account = (CHARGES if cost > 0 else GAINS)[GapKind.EXCHANGE]
    return f"{total}. Écart de change{NBSP}: {amount} ({account}), {when}."


def waiting_exchanges() -> QuerySet[Match]:
    """Live matches that have not their weight in the books yet and may have it."""
    rows = Match.objects.live().filter(invoice_cents__isnull=False, base_cents=None, gap_kind="")
    rows = rows.exclude(invoice__currency=F("company__currency"))
    rows = rows.exclude(company__bookkeeping__accounting_mode=AccountingMode.CASH)
    told = Q(invoice__base_currency="") | Q(invoice__base_currency=F("company__currency"))
    known = {"invoice__base_gross_amount__isnull": False, "transaction__account__currency": F("company__currency")}
    return rows.filter(told, **known)


def post_waiting_exchanges(*, company_id: UUID) -> None:
    """Post what waits in a company, each in its own transaction; what cannot be yet goes on waiting."""
    waiting = waiting_exchanges().filter(company=company_id).order_by("transaction__booked_on", "pk")
    for pk, invoice_id, line_id in list(waiting.values_list("pk", "invoice_id", "transaction_id")):
        try:
            _post_one(pk, invoice_id, line_id)
        except GapStays:
            continue


@transaction.atomic
def _post_one(pk: UUID, invoice_id: UUID, line_id: UUID) -> None:
    """Lock the ends, then the match, as every writer of matches; nothing where another was faster."""
    lock_ends([invoice_id], [line_id])
    rows = waiting_exchanges().filter(pk=pk).select_for_update(no_key=True, of=("self",))
    row = rows.select_related("company__bookkeeping", "invoice", "transaction__account", "decided_by").first()
    if row:
        post_exchange(rows=[row], by=row.decided_by, at=timezone.now())
