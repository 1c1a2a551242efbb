"""The five lists of the review, and what waits in each bank account."""

from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DecimalField, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Abs

from banking.accounts.browsing import NEWEST
from banking.models import BankAccount, BankStatement, BankTransaction, Match, MatchState
from firms.models import Company
from firms.paging import KeyOrder
from firms.typography import format_count

TO_DO, PROPOSED, UNREAD, MADE, ALL = "a-traiter", "suggestions", "a-relire", "rapprochees", "toutes"
TABS = {
    TO_DO: "À traiter",
    PROPOSED: "Avec suggestion",
    UNREAD: "Automatiques à relire",
    MADE: "Rapprochées et imputées",
    ALL: "Toutes",
}

COUNTED_AT_MOST = 9_999
MONEY = DecimalField(max_digits=20, decimal_places=2)

_own = Match.objects.filter(transaction=OuterRef("pk"), company=OuterRef("company"))
_auto = _own.filter(state=MatchState.AUTO).order_by("-pk")
_proposed = _own.suggested()
_LEFT = Abs(F("amount")) - F("allocated_cents") / Value(Decimal(100))
# Automatic matches are read newest first, by the moment at which the machine made them.
LAST_MADE = KeyOrder(Subquery(_auto.values("created_at")[:1]), datetime.fromisoformat, is_descending=True)


def every_line(company: Company) -> QuerySet[BankTransaction]:
    return BankTransaction.objects.filter(company=company).with_coding().select_related("coding__coded_by")


def lines_of(company: Company, *, tab: str, account: BankAccount | None) -> QuerySet[BankTransaction]:
    """The lines of a tab, of one account or of all, unordered."""
    rows = every_line(company)
    return _in_tab(rows if account is None else rows.filter(account=account), tab)


def order_of(tab: str) -> KeyOrder:
    return LAST_MADE if tab == UNREAD else NEWEST


def reviewed_accounts(company: Company) -> QuerySet[BankAccount]:
    """Each with `closed_on` of its last statement, `waiting` lines to be explained with what is left of their `debits`
    and `credits` (positive), `proposed` ones with a suggestion, `unread` automatic ones and `observed` ones that the
    machine would have matched.

    All are counted, and summed, no further than one beyond COUNTED_AT_MOST.
    """
    last = BankStatement.objects.filter(account=OuterRef("pk")).exclude(closing_on=None).order_by("-closing_on")
    waiting = BankTransaction.objects.unmatched().filter(company=company, account=OuterRef("pk"))
    observed = Match.objects.suggested().filter(company=company, is_observed=True, transaction__account=OuterRef("pk"))
    unread = Match.objects.filter(company=company, state=MatchState.AUTO, transaction__account=OuterRef("pk"))
    return BankAccount.objects.filter(company=company).annotate(
        closed_on=Subquery(last.values("closing_on")[:1]),
        waiting=_number(waiting.order_by().values("pk")),
        debits=_sum(waiting.filter(amount__lt=0).order_by().values_list(_LEFT)),
        credits=_sum(waiting.filter(amount__gt=0).order_by().values_list(_LEFT)),
        proposed=_number(waiting.filter(Exists(_proposed)).order_by().values("pk")),
        observed=_number(observed.order_by().values("transaction").distinct()),
        unread=_number(unread.order_by().values("transaction").distinct()),
    )


def number_in_words(number: int) -> str:
    """« 47 », « 9 999+ »."""
    return f"{format_count(min(number, COUNTED_AT_MOST))}{'+' if number > COUNTED_AT_MOST else ''}"


def _in_tab(rows: QuerySet[BankTransaction], tab: str) -> QuerySet[BankTransaction]:
    if tab == TO_DO:
        return rows.unmatched()  # type: ignore[attr-defined] # a word of BankTransactionQuerySet
    if tab == PROPOSED:
        return rows.unmatched().filter(Exists(_proposed))  # type: ignore[attr-defined] # the same
    if tab == UNREAD:
        return rows.filter(Exists(_auto))
    # A match, or the account on which a person put the line, takes a part of it: nothing else does.
    return rows.filter(allocated_cents__gt=0) if tab == MADE else rows


def _number(rows: QuerySet) -> Func:
    keys = ArraySubquery(rows[: COUNTED_AT_MOST + 1])
    return Func(keys, function="cardinality", output_field=IntegerField())


def _sum(amounts: QuerySet) -> Func:
    template = "(SELECT coalesce(sum(one), 0) FROM unnest(%(expressions)s) AS one)"
    return Func(ArraySubquery(amounts[: COUNTED_AT_MOST + 1]), template=template, output_field=MONEY)
