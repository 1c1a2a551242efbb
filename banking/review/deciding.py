"""One decision in the review, and its sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from achats.models import PurchaseInvoice
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match, undo_match
from banking.matches.gap_posting import gap_in_words
from banking.matches.reopening import propose_again, unconfirm
from banking.matches.settling import posted_in_words
from banking.models import BankTransaction, Match, MatchState
from banking.review.neighbours import neighbours_of
from firms.models import User
from firms.typography import NBSP, format_money

Deed = Callable[..., Match]
DEEDS: dict[str, Deed] = {
    "confirmer": confirm_match,
    "refuser": refuse_match,
    "annuler": undo_match,
    "reproposer": propose_again,
    "revenir": unconfirm,
}
# What takes back a deed that was done to a suggestion, or to what the machine had made.
UNDOING: dict[Deed, str] = {confirm_match: "revenir", refuse_match: "reproposer", undo_match: "reproposer"}
TAKEN_BACK = "Refus repris. MEG peut proposer à nouveau ce rapprochement."
GONE = "Cette suggestion n’existe plus\u00a0: le rapprochement a changé entre-temps. Rien n’a été changé."


@dataclass(frozen=True)
class Told:
    """What came of a decision: its French sentence, whether it was refused, and what may be undone of it by which deed.

    `elsewhere` are the other lines whose pairs changed with it; `coded` says that the line was put on an account.
    """

    sentence: str
    status: int = 200
    undo: Match | None = None
    undo_deed: str = "annuler"
    elsewhere: set[UUID] = field(default_factory=set)
    coded: bool = False


def decide_pair(*, line: BankTransaction, match_ids: Sequence[UUID], deed: Deed, by: User) -> Told:
    """Do `deed` to the match of `line` that is named first; what changed meanwhile is told, with status 409.

    What was made of a suggestion, or a no to what the machine said, is offered to be undone; that one was read is not:
    to undo it would take the match back.
    """
    matches = Match.objects.filter(company=line.company_id, transaction=line, pk__in=match_ids[:1])
    match = matches.select_related("company", "invoice").first()
    if match is None:
        return Told(GONE, status=409)
    elsewhere, was_suggested = neighbours_of(match), match.state == MatchState.SUGGESTED
    try:
        decided = deed(match=match, by=by)
    except MatchChanged as change:
        return Told(str(change), status=409, elsewhere=elsewhere)
    rows = _rows_of(decided)
    sentence = _sentence(deed, rows, was_suggested=was_suggested)
    may_undo = was_suggested or (deed is undo_match and bool(match.record))
    undo = match if may_undo and deed in UNDOING else None
    return Told(sentence, undo=undo, undo_deed=UNDOING.get(deed, ""), elsewhere=elsewhere)


def _rows_of(match: Match) -> list[Match]:
    """It, or its group."""
    group = Match.objects.filter(company=match.company_id, group=match.group, state=match.state)
    return list(group.select_related("invoice")) if match.group else [match]


def _sentence(deed: Deed, rows: list[Match], *, was_suggested: bool) -> str:
    if deed is refuse_match:
        what = (
            "ces factures ne seront plus proposées ensemble" if len(rows) > 1 else "cette facture ne sera plus proposée"
        )
        return f"Refusé{NBSP}: {what} pour cette ligne."
    if deed in (propose_again, unconfirm):
        is_back = rows[0].state == MatchState.SUGGESTED
        return in_words("Proposé à nouveau", [row.invoice for row in rows], rows) if is_back else TAKEN_BACK
    if deed is undo_match:
        told = in_words("Défait", [row.invoice for row in rows], rows)
        return f"{told} MEG ne refera pas ce rapprochement de lui-même."
    told = in_words("Rapproché" if was_suggested else "Exact", [row.invoice for row in rows], rows)
    return " ".join(part for part in (told, posted_in_words(rows), gap_in_words(rows)) if part)


def made_in_words(rows: Sequence[Match]) -> str:
    """« Rapproché : Orange, 1 743,54 €. », then the entries that were written with it."""
    told = in_words("Rapproché", [row.invoice for row in rows], rows)
    return " ".join(part for part in (told, posted_in_words(rows), gap_in_words(rows)) if part)


def in_words(what: str, invoices: Sequence[PurchaseInvoice], rows: Sequence[Match]) -> str:
    """« Rapproché : Orange, 1 743,54 €. », « Rapproché : 3 factures, 212,40 €. »."""
    names = list(dict.fromkeys(invoice.supplier_name for invoice in invoices))
    number = len({invoice.pk for invoice in invoices})
    who = names[0] if number == 1 else f"{number}{NBSP}factures" + (f" de {names[0]}" if len(names) == 1 else "")
    cents, currency = sum(row.settles_cents * row.invoice.sign for row in rows), invoices[0].currency
    if len({invoice.currency for invoice in invoices}) > 1:
        cents, currency = sum(row.amount_cents for row in rows), rows[0].transaction.account.currency
    return f"{what}{NBSP}: {who}, {format_money(Decimal(cents).scaleb(-2), currency)}."
