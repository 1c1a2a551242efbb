"""The bank accounts of a company with what waits in each, and the lines of one, as pages ask for them."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs

from achats.models import PurchaseInvoice
from banking.codings import doubled, left_of
from banking.matches.settlements import SHOWN
from banking.models import BankAccount, BankStatement, BankTransaction, LineCoding, Match, MatchState
from firms.models import Company
from firms.paging import KeyOrder
from firms.typography import format_count, read_amount

NEWEST = KeyOrder(F("booked_on"), date.fromisoformat, is_descending=True)
FRESH_DAYS = 10
TABS = {"a-traiter": "À traiter", "tout": "Toutes"}


def accounts_of(company: Company) -> QuerySet[BankAccount]:
    """Each with `closed_on` and `balance` of its last statement, and `waiting`, its lines still to be explained."""
    last = BankStatement.objects.filter(account=OuterRef("pk")).exclude(closing_on=None).order_by("-closing_on", "-pk")
    open_lines = Q(transactions__is_ignored=False, transactions__allocated_cents__lt=Abs("transactions__amount") * 100)
    return BankAccount.objects.filter(company=company).annotate(
        closed_on=Subquery(last.values("closing_on")[:1]),
        balance=Subquery(last.values("closing_amount")[:1]),
        waiting=Count("transactions", filter=open_lines),
    )


def age_in_words(closed_on: date | None, *, today: date) -> tuple[str, bool]:
    """How fresh the last statement is, and whether a newer one is wanted."""
    if closed_on is None:
        return "Aucun solde reçu", True
    days = (today - closed_on).days
    if days <= FRESH_DAYS:
        return "À jour", False
    return f"Il y a {format_count(days)} jours", True


def transactions_of(account: BankAccount, *, tab: str, search: str) -> QuerySet[BankTransaction]:
    """The lines of an account in a tab, found by every word of `search`: of the label, or an amount."""
    rows = BankTransaction.objects.filter(account=account, company=account.company_id).with_coding()
    if tab == "a-traiter":
        rows = rows.unmatched()
    amount = read_amount(search) if search else None
    words = Q()
    for word in search.split():
        words &= Q(label__icontains=word) | Q(detail__icontains=word)
    return rows.filter(words | Q(amount__in=[amount, -amount]) if amount is not None else words)


@dataclass(frozen=True)
class LineState:
    """What explains a line, or may: a badge, its words, the purchase to open, the account on which it is."""

    badge: str
    words: str
    invoice: PurchaseInvoice | None = None
    more: int = 0
    coding: LineCoding | None = None
    may_be_coded: bool = False


def states_of(lines: list[BankTransaction]) -> dict[UUID, LineState]:
    """The state of each of these lines, which came `with_coding`: one query, two where one of them is on an account."""
    matches = Match.objects.filter(transaction__in=[line.pk for line in lines], state__in=SHOWN)
    by_line: dict[UUID, list[Match]] = {line.pk: [] for line in lines}
    for match in matches.select_related("invoice").order_by("rank", "pk"):
        by_line[match.transaction_id].append(match)
    twice = doubled(lines)
    return {line.pk: _with_coding(line, _state(line, by_line[line.pk]), line.pk in twice) for line in lines}


def _with_coding(line: BankTransaction, state: LineState, is_doubled: bool) -> LineState:
    """The account on which the line is, in its state; whether it may be put on one."""
    coding = getattr(line, "coding", None)
    if coding is None:
        return replace(state, may_be_coded=bool(left_of(line)) and not line.is_ignored)
    if is_doubled:
        return replace(state, badge="todo", words="Imputé, facture arrivée", coding=coding)
    beside = "Rapproché, reste au " if state.invoice else "Imputé "
    return replace(state, badge="done", words=f"{beside}{coding.account.code}", coding=coding)


def _state(line: BankTransaction, matches: list[Match]) -> LineState:
    made = [match for match in matches if match.state != MatchState.SUGGESTED]
    proposed = [match for match in matches if match.state == MatchState.SUGGESTED]
    if line.is_ignored:
        return LineState("mute", "Ignorée")
    if made and left_of(line):
        return LineState("partial", "Partiel", made[0].invoice, len(made) - 1)
    if made:
        is_auto = all(match.state == MatchState.AUTO for match in made)
        return LineState("done", "Rapproché (auto)" if is_auto else "Rapproché", made[0].invoice, len(made) - 1)
    if proposed:
        words = "1 suggestion" if len(proposed) == 1 else f"{len(proposed)} suggestions"
        return LineState("hint", words, proposed[0].invoice, len(proposed) - 1)
    return LineState("idle", "À traiter")
