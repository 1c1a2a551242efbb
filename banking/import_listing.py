"""The imports of a company as their page shows them."""

from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from banking.choosing import could_be
from banking.models import BankAccount, BankStatement, BankTransaction, Match, MatchState, StatementImport
from banking.statements.account import AccountKey
from firms.models import Company

SHOWN = 50


def imports_of(company: Company) -> QuerySet[StatementImport]:
    """Each with the period of its statements and, should it be taken back, how many lines go and stay."""
    lines = BankTransaction.objects.filter(statement__statement_import=OuterRef("pk")).order_by()
    decided = Exists(Match.objects.filter(transaction=OuterRef("pk")).exclude(state=MatchState.SUGGESTED))
    per_import = lines.values("statement__statement_import")
    stays = Q(allocated_cents__gt=0) | Q(is_decided=True)
    staying = per_import.annotate(is_decided=decided).filter(stays).annotate(count=Count("pk")).values("count")
    held = per_import.annotate(count=Count("pk")).values("count")
    statements = BankStatement.objects.select_related("account").order_by("pk")
    return (
        StatementImport.objects.filter(company=company)
        .prefetch_related(Prefetch("statements", statements))
        .annotate(
            since=Min("statements__opening_on"),
            until=Max("statements__closing_on"),
            staying=Coalesce(Subquery(staying, output_field=IntegerField()), 0),
            held=Coalesce(Subquery(held, output_field=IntegerField()), 0),
        )
        .order_by("-id")
    )


def choices_of(rows: list[StatementImport], company: Company) -> dict[UUID, list[BankAccount]]:
    """By import that asks for its account, those that it may be of: one query where one asks, else none."""
    asking = [row for row in rows if "account" in row.asked or "account" in row.asked.get("needs", ())]
    accounts = list(BankAccount.objects.filter(company=company)) if asking else []
    return {row.pk: [account for account in accounts if _fits(account, row)] for row in asking}


def _fits(account: BankAccount, row: StatementImport) -> bool:
    named = row.asked.get("account")
    return could_be(account, AccountKey(**named)) if named else True
