"""What a person decides of a match: to confirm it, to refuse it, to undo it. Each is remembered."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from achats.models import PurchaseInvoice, Status
from achats.settlement import settle
from banking.models import BankTransaction, Match, MatchState
from banking.tasks import ask_for_match
from firms.events import record_event
from firms.models import User

NOTHING_CHANGED = "Rien n’a été changé."


class MatchChanged(Exception):
    """The match, its invoice or its line changed since the person saw it. `str()` is French, to be shown as it is."""


@transaction.atomic
def confirm_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Make a suggestion a match, or mark an automatic one as read by a person.

    Writes `purchase.matched`, and `purchase.settled` where the invoice became so. Raises MatchChanged where it is
    neither any more, or where not enough is left of the line or of the invoice.
    """
    row, at = _lock(match), at or timezone.now()
    before = row.state
    if before == MatchState.SUGGESTED:
        _refuse_what_does_not_fit(row)
    elif before != MatchState.AUTO:
        raise _changed(row)
    _decide(row, MatchState.CONFIRMED, by, at)
    _tell(row, "purchase.matched", before, by, at)
    if before == MatchState.SUGGESTED:
        _allocate(row, 1, by, at)
        _drop_stale_suggestions(row)
    return row


@transaction.atomic
def refuse_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Say that a suggestion is wrong: this pair is never proposed again. Raises MatchChanged where it is gone."""
    row, at = _lock(match), at or timezone.now()
    if row.state != MatchState.SUGGESTED:
        raise _changed(row)
    _decide(row, MatchState.REFUSED, by, at)
    ask_for_match(company_id=row.company_id)
    return row


@transaction.atomic
def undo_match(*, match: Match, by: User, at: datetime | None = None) -> Match:
    """Take back a match, the machine's or a person's; the machine never makes this pair again.

    Writes `purchase.unmatched`. Raises MatchChanged where there is nothing to take back.
    """
    row, at = _lock(match), at or timezone.now()
    before = row.state
    if before not in (MatchState.AUTO, MatchState.CONFIRMED):
        raise _changed(row)
    _decide(row, MatchState.UNDONE, by, at)
    _tell(row, "purchase.unmatched", before, by, at)
    _allocate(row, -1, by, at)
    ask_for_match(company_id=row.company_id)
    return row


def _lock(match: Match) -> Match:
    """The current row, locked after its invoice and its line: the order of every writer of matches."""
    rows = Match.objects.select_for_update(no_key=True, of=("self",)).select_related("company", "decided_by")
    invoice = PurchaseInvoice.objects.select_for_update(no_key=True).get(pk=match.invoice_id)
    line = BankTransaction.objects.select_for_update(no_key=True).get(pk=match.transaction_id)
    try:
        row = rows.get(pk=match.pk)
    except Match.DoesNotExist as error:
        raise _taken(invoice, line) or MatchChanged(f"Cette suggestion n’existe plus. {NOTHING_CHANGED}") from error
    row.invoice, row.transaction = invoice, line
    return row


def _refuse_what_does_not_fit(row: Match) -> None:
    invoice, line = row.invoice, row.transaction
    left_of_line = int(abs(line.amount) * 100) - line.allocated_cents
    left_of_invoice = int(invoice.gross_amount * 100) - invoice.settled_cents
    if row.amount_cents > left_of_line or row.settles_cents > left_of_invoice:
        raise _taken(invoice, line) or MatchChanged(f"Il ne reste pas assez à affecter. {NOTHING_CHANGED}")
    if invoice.status == Status.CANCELLED:
        raise MatchChanged(f"Cette facture vient d’être annulée. {NOTHING_CHANGED}")
    if line.is_ignored or invoice.is_settled_off_bank:
        raise MatchChanged(f"Cette ligne ou cette facture n’attend plus de rapprochement. {NOTHING_CHANGED}")


def _decide(row: Match, state: MatchState, by: User, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _allocate(row: Match, sign: int, by: User, at: datetime) -> None:
    row.transaction.allocated_cents += sign * row.amount_cents
    row.transaction.save(update_fields=["allocated_cents"])
    before = row.invoice.settlement
    if settle(invoice=row.invoice, cents=sign * row.settles_cents):
        changes = {"settlement": [before, row.invoice.settlement]}
        record_event(
            company=row.company, kind="purchase.settled", subject_id=row.invoice_id, by=by, at=at, changes=changes
        )


def _tell(row: Match, kind: str, before: str, by: User, at: datetime) -> None:
    changes = {"match": [before, row.state], "transaction": [None, str(row.transaction_id)]}
    record_event(company=row.company, kind=kind, subject_id=row.invoice_id, by=by, at=at, changes=changes)


def _drop_stale_suggestions(row: Match) -> None:
    """Nothing is left to suggest of a line or an invoice that is used up; the rest is looked at again."""
    used_up = Q()
    if row.transaction.allocated_cents >= int(abs(row.transaction.amount) * 100):
        used_up |= Q(transaction=row.transaction)
    if row.invoice.settled_cents >= int(row.invoice.gross_amount * 100):
        used_up |= Q(invoice=row.invoice)
    if used_up:
        Match.objects.filter(used_up, company=row.company).suggested().delete()
    ask_for_match(company_id=row.company_id)


def _changed(row: Match) -> MatchChanged:
    """What this match became, when, and by whom."""
    words = {
        MatchState.CONFIRMED: "confirmé",
        MatchState.REFUSED: "refusé",
        MatchState.UNDONE: "défait",
        MatchState.AUTO: "fait par exécution automatique",
    }
    if row.state not in words:
        return MatchChanged(f"Ce rapprochement n’est qu’une suggestion. {NOTHING_CHANGED}")
    moment = row.decided_at or row.created_at
    return MatchChanged(
        f"Ce rapprochement vient d’être {words[MatchState(row.state)]} ({_hour(moment)}). {NOTHING_CHANGED}"
    )


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
