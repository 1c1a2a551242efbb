"""What a person decides of a match: to confirm it, to refuse it, to undo it. Each is remembered."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from achats.models import PurchaseInvoice, Status
from banking.learning import learn_from, unlearn_from
from banking.match_asking import ask_for_match
from banking.matches.allocating import allocate, drop_stale_suggestions, lock_ends, sums_of, tell
from banking.matches.exchange_posting import post_exchange
from banking.matches.gap_posting import withdraw_gaps
from banking.matches.gaps import GapStays
from banking.matches.settling import post_settlements, withdraw_settlements
from banking.models import BankTransaction, Match, MatchState
from firms.models import User
from ledger.books import NoFiscalYear
from ledger.posting import EntryFinal

NOTHING_CHANGED = "Rien n’a été changé."


class MatchChanged(Exception):
    """The match, its invoice or its line changed since the person saw it. `str()` is French, to be shown as it is."""


@transaction.atomic
def confirm_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Make a suggestion a match, or mark an automatic one as read by a person; a group of pairs is one.

    Writes `purchase.matched`, and `purchase.settled` where the invoice became so; in a company in trésorerie it posts
    the invoice, elsewhere the exchange of one in another currency. Raises MatchChanged where it is neither any more,
    where not enough is left of the line or of the invoice, or where the exchange of a suggestion cannot be posted.
    """
    rows, at = lock_rows(match), at or timezone.now()
    before = rows[0].state
    if before == MatchState.SUGGESTED:
        refuse_what_does_not_fit(rows)
    elif before != MatchState.AUTO:
        raise what_it_became(rows[0])
    _decide(rows, MatchState.CONFIRMED, by, at)
    tell(rows, "purchase.matched", before, by, at)
    if before == MatchState.SUGGESTED:
        allocate(rows, 1, by, at)
        drop_stale_suggestions(rows)
    learn_from(rows, at=at)
    post_settlements(rows=rows, by=by, at=at)
    if before == MatchState.SUGGESTED:
        _post_exchange(rows, by, at)
    return rows[0]


def _post_exchange(rows: Sequence[Match], by: User, at: datetime) -> None:
    try:
        post_exchange(rows=rows, by=by, at=at)
    except GapStays as refusal:
        raise MatchChanged(f"{refusal.because} {NOTHING_CHANGED}") from refusal


@transaction.atomic
def refuse_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Say that a suggestion is wrong: it is not proposed again, unless the no is taken back (`reopening`).

    Writes `purchase.match_refused`. Raises MatchChanged where it is gone.
    """
    rows, at = lock_rows(match), at or timezone.now()
    if rows[0].state != MatchState.SUGGESTED:
        raise what_it_became(rows[0])
    _decide(rows, MatchState.REFUSED, by, at)
    if unlearnt := unlearn_from(rows):
        rows[0].unlearnt = unlearnt
        rows[0].save(update_fields=["unlearnt"])
    tell(rows, "purchase.match_refused", MatchState.SUGGESTED, by, at)
    ask_for_match(company_id=rows[0].company_id)
    return rows[0]


@transaction.atomic
def undo_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Take back a match, the machine's or a person's; the machine never makes this pair again.

    Writes `purchase.unmatched`; the entries of its payment and of its difference go with it. Raises MatchChanged where
    there is nothing to take back, or where no open year may hold the contrary of such an entry.
    """
    rows, at = lock_rows(match), at or timezone.now()
    before = rows[0].state
    if before not in (MatchState.AUTO, MatchState.CONFIRMED):
        raise what_it_became(rows[0])
    try:
        withdraw_settlements(rows=rows, by=by, at=at)
        withdraw_gaps(rows=rows, by=by, at=at)
    except (EntryFinal, NoFiscalYear) as refusal:
        raise MatchChanged(f"{refusal} {NOTHING_CHANGED}") from refusal
    _decide(rows, MatchState.UNDONE, by, at)
    tell(rows, "purchase.unmatched", before, by, at)
    allocate(rows, -1, by, at)
    unlearn_from(rows)
    ask_for_match(company_id=rows[0].company_id)
    return rows[0]


def lock_rows(match: Match) -> list[Match]:
    """The current row, first, and those of its group, locked after their invoices and lines: every writer's order.

    Rows of one invoice or one line share its object.
    """
    members = Match.objects.filter(_same_group(match), company=match.company_id)
    ends = list(members.values_list("invoice_id", "transaction_id")) or [(match.invoice_id, match.transaction_id)]
    invoices, lines = lock_ends((invoice_id for invoice_id, _ in ends), (line_id for _, line_id in ends))
    rows = list(
        members.select_for_update(no_key=True, of=("self",))
        .select_related("company__bookkeeping", "decided_by", "reopened_by", "payment", "gap_entry")
        .order_by("pk")
    )
    own = [row for row in rows if row.pk == match.pk]
    if not own or any(row.invoice_id not in invoices or row.transaction_id not in lines for row in rows):
        gone = MatchChanged(f"Cette suggestion n’existe plus. {NOTHING_CHANGED}")
        raise _taken(invoices[match.invoice_id], lines[match.transaction_id]) or gone
    for row in rows:
        row.invoice, row.transaction = invoices[row.invoice_id], lines[row.transaction_id]
    return own + [row for row in rows if row.pk != match.pk and row.state == own[0].state]


def _same_group(match: Match) -> Q:
    return Q(pk=match.pk) if match.group is None else Q(pk=match.pk) | Q(group=match.group)


def refuse_what_does_not_fit(rows: Sequence[Match]) -> None:
    """Raises MatchChanged where not enough is left of a line or an invoice of `rows`, or nothing is awaited of it."""
    of_line, of_invoice = sums_of(rows)
    for row in rows:
        invoice, line = row.invoice, row.transaction
        left_of_line = int(abs(line.amount) * 100) - line.allocated_cents
        left_of_invoice = int(invoice.gross_amount * 100) - invoice.settled_cents
        if of_line[line] > left_of_line or of_invoice[invoice] > left_of_invoice:
            raise _taken(invoice, line) or MatchChanged(f"Il ne reste pas assez à affecter. {NOTHING_CHANGED}")
        if invoice.status == Status.CANCELLED:
            raise MatchChanged(f"Cette facture vient d’être annulée. {NOTHING_CHANGED}")
        if line.is_ignored or invoice.is_settled_off_bank:
            raise MatchChanged(f"Cette ligne ou cette facture n’attend plus de rapprochement. {NOTHING_CHANGED}")


def _decide(rows: list[Match], state: MatchState, by: User, at: datetime) -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at = state, by, at
    Match.objects.bulk_update(rows, ["state", "decided_by", "decided_at"])


def what_it_became(row: Match) -> MatchChanged:
    """What this match became, when, and by whom."""
    words = {
        MatchState.CONFIRMED: "confirmé",
        MatchState.REFUSED: "refusé",
        MatchState.UNDONE: "défait",
        MatchState.REOPENED: "proposé à nouveau",
        MatchState.AUTO: "fait par exécution automatique",
    }
    if row.state not in words:
        return MatchChanged(f"Ce rapprochement n’est qu’une suggestion. {NOTHING_CHANGED}")
    by, at = row.reopened_by or row.decided_by, row.reopened_at or row.decided_at or row.created_at
    when = f"{_hour(at)}{f', {by}' if by else ''}"
    return MatchChanged(f"Ce rapprochement vient d’être {words[MatchState(row.state)]} ({when}). {NOTHING_CHANGED}")


def _taken(invoice: PurchaseInvoice, line: BankTransaction) -> MatchChanged | None:
    """The sentence on the match that took the line, or else the invoice, meanwhile."""
    for what, rows in (("ligne", line.matches), ("facture", invoice.matches)):
        other = rows.live().select_related("decided_by").order_by("-pk").first()
        if other:
            who = str(other.decided_by) if other.decided_by else "exécution automatique"
            moment = _hour(other.decided_at or other.created_at)
            return MatchChanged(f"Cette {what} vient d’être rapprochée ({moment}, {who}). {NOTHING_CHANGED}")
    return None


def _hour(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
