"""The four lists of the review, and what waits in each bank account."""

from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from banking.browsing import NEWEST
from banking.models import BankAccount, BankStatement, BankTransaction, Match, MatchState
from firms.models import Company
from firms.paging import KeyOrder

TO_DO, UNREAD, MADE, ALL = "a-traiter", "a-relire", "rapprochees", "toutes"
TABS = {TO_DO: "À traiter", UNREAD: "Automatiques à relire", MADE: "Rapprochées", ALL: "Toutes"}

_auto = Match.objects.filter(transaction=OuterRef("pk"), state=MatchState.AUTO).order_by("-pk")
_live = Match.objects.filter(transaction=OuterRef("pk")).live()
# Automatic matches are read newest first, by the moment at which the machine made them.
LAST_MADE = KeyOrder(Subquery(_auto.values("created_at")[:1]), datetime.fromisoformat, is_descending=True)


def lines_of(company: Company, *, tab: str, account: BankAccount | None) -> QuerySet[BankTransaction]:
    """The lines of a tab, of one account or of all, unordered."""
    rows = BankTransaction.objects.filter(company=company).select_related("account")
    return _in_tab(rows if account is None else rows.filter(account=account), tab)


def order_of(tab: str) -> KeyOrder:
    return LAST_MADE if tab == UNREAD else NEWEST


def reviewed_accounts(company: Company) -> QuerySet[BankAccount]:
    """Each with `closed_on` of its last statement, `waiting` lines to be explained and `unread` automatic ones."""
    last = BankStatement.objects.filter(account=OuterRef("pk")).exclude(closing_on=None).order_by("-closing_on")
    return BankAccount.objects.filter(company=company).annotate(
        closed_on=Subquery(last.values("closing_on")[:1]), waiting=_number(TO_DO), unread=_number(UNREAD)
    )


def _in_tab(rows: QuerySet[BankTransaction], tab: str) -> QuerySet[BankTransaction]:
    if tab == TO_DO:
        return rows.unmatched()  # type: ignore[attr-defined] # a word of BankTransactionQuerySet
    if tab == UNREAD:
        return rows.filter(Exists(_auto))
    return rows.filter(Exists(_live), allocated_cents__gt=0) if tab == MADE else rows


def _number(tab: str) -> Coalesce:
    rows = _in_tab(BankTransaction.objects.filter(account=OuterRef("pk")), tab)
    return Coalesce(Subquery(rows.order_by().values("account").annotate(number=Count(F("pk"))).values("number")), 0)
