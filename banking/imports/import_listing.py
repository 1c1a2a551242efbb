"""The imports of a company as their page shows them."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from banking.accounts.choosing import could_be
from banking.models import BankAccount, BankStatement, BankTransaction, Match, MatchState, StatementImport
from banking.statements.account import AccountKey
from firms.models import Company

SHOWN = 50


def imports_of(company: Company, account: BankAccount | None = None) -> QuerySet[StatementImport]:
    """Each with its accounts, the period of its statements and, should it be taken back, how many lines go and stay.

    Of `account` alone, those that spoke of it.
    """
    lines = BankTransaction.objects.filter(statement__statement_import=OuterRef("pk")).order_by()
    decided = Exists(Match.objects.filter(transaction=OuterRef("pk")).exclude(state=MatchState.SUGGESTED))
    stays = Q(allocated_cents__gt=0) | Q(decided)
    counts = lines.values("statement__statement_import").annotate(held=Count("pk"), staying=Count("pk", filter=stays))
    rows = StatementImport.objects.filter(company=company)
    if account:
        rows = rows.filter(Exists(BankStatement.objects.filter(account=account, statement_import=OuterRef("pk"))))
    return rows.annotate(
        of_accounts=ArraySubquery(_accounts(company)),
        since=Min("statements__opening_on"),
        until=Max("statements__closing_on"),
        staying=Coalesce(Subquery(counts.values("staying"), output_field=IntegerField()), 0),
        held=Coalesce(Subquery(counts.values("held"), output_field=IntegerField()), 0),
    ).order_by("-id")


def _accounts(company: Company) -> QuerySet:
    """The accounts of an import, as much of each as its name takes."""
    spoken_of = BankStatement.objects.filter(statement_import=OuterRef(OuterRef("pk")), account=OuterRef("pk"))
    told = JSONObject(pk="pk", label="label", last_four="last_four")
    return BankAccount.objects.filter(Exists(spoken_of), company=company).order_by("label", "pk").values_list(told)


def choices_of(rows: list[StatementImport], company: Company) -> dict[UUID, list[BankAccount]]:
    """By import that asks for its account, those that it may be of: one query where one asks, else none."""
    asking = [row for row in rows if "account" in row.asked or "account" in row.asked.get("needs", ())]
    accounts = list(BankAccount.objects.filter(company=company)) if asking else []
    return {row.pk: [account for account in accounts if _fits(account, row)] for row in asking}


def _fits(account: BankAccount, row: StatementImport) -> bool:
    named = row.asked.get("account")
    return could_be(account, AccountKey(**named)) if named else True
