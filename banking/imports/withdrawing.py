"""Take an import back: its lines go, but those on which somebody or the machine decided."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from achats.turns import wait_our_turn
from banking.accounts.balance_control import control_balances
from banking.imports.answering import held_import
from banking.imports.statement_files import path_of
from banking.models import BankAccount, BankStatement, BankTransaction, ImportState, Match, MatchState, StatementImport
from firms.events import record_event
from firms.models import Company, User
from firms.sending import send_on_commit


@dataclass(frozen=True)
class Withdrawn:
    """How many lines of the import went, and how many stay."""

    removed: int
    kept: int


def decided() -> Exists:
    """True of a line that a match explains, or that a person judged: its history leans on it."""
    return Exists(Match.objects.filter(transaction=OuterRef("pk")).exclude(state=MatchState.SUGGESTED))


@transaction.atomic
def withdraw_import(*, company: Company, import_id: UUID, by: User, at: datetime) -> Withdrawn:
    """Remove the lines of an import on which nobody decided, and its statements left empty. Raises ImportChanged.

    Another file that held the same lines, and had them counted as known, is read again: it still vouches for them.
    """
    wait_our_turn("match", company.pk, "run")
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    brought = held_import(company=company, import_id=import_id, states=(ImportState.DONE,))
    lines = BankTransaction.objects.filter(statement__statement_import=brought)
    free = list(
        lines.filter(~decided(), allocated_cents=0).select_for_update(of=("self",)).values_list("pk", flat=True)
    )
    kept = lines.count() - len(free)
    others, accounts = list(_that_vouch(brought)), list(_accounts_of(brought))
    _remove(brought, free)
    control_balances(accounts)
    brought.state, brought.withdrawn_at, brought.withdrawn_by = ImportState.WITHDRAWN, at, by
    brought.save()
    record_event(
        company=company, kind="statement.withdrawn", subject_id=import_id, by=by, at=at,
        changes={"lines": [len(free) + kept, kept]},
    )  # fmt: skip
    _read_again(others)
    return Withdrawn(len(free), kept)


def _remove(brought: StatementImport, lines: list[UUID]) -> None:
    Match.objects.filter(transaction__in=lines).delete()
    BankTransaction.objects.filter(pk__in=lines).delete()
    BankStatement.objects.filter(statement_import=brought, transactions=None).delete()


def _accounts_of(brought: StatementImport) -> QuerySet[BankAccount]:
    return BankAccount.objects.filter(statements__statement_import=brought).distinct()


def _that_vouch(brought: StatementImport) -> QuerySet[StatementImport]:
    """The other imports of the same accounts that may hold lines of this one; not the same file again."""
    accounts = BankStatement.objects.filter(statement_import=brought).values("account")
    done = StatementImport.objects.filter(company=brought.company_id, state=ImportState.DONE, known__gt=0)
    mine = done.exclude(pk=brought.pk).exclude(sha256=brought.sha256)
    return mine.filter(statements__account__in=accounts).distinct()


def _read_again(others: list[StatementImport]) -> None:
    for other in others:
        if path_of(other.sha256).exists():
            StatementImport.objects.filter(pk=other.pk).update(state=ImportState.WAITING, attempts=0)
            send_on_commit("banking.tasks.read_statement", import_id=str(other.pk))
