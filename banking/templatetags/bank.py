"""What a bank account, a line and an import show of themselves: `{% load bank %}`."""

from decimal import Decimal
from uuid import UUID

from django import template

from banking.accounts.browsing import LineState
from banking.codings import left_of
from banking.imports import import_words
from banking.imports.importing import progress_of
from banking.models import BankAccount, BankTransaction, ImportState, StatementImport
from banking.statements.checkpoints import Gap
from banking.statements.days import to_day
from firms.typography import NBSP, NOTHING, format_day, format_long_day, format_money

register = template.Library()


@register.filter
def account_number(account: BankAccount) -> str:
    """« FR76 … 4471 », or the number of the account, or « — »."""
    if account.iban:
        return f"{account.iban[:4]}{NBSP}…{NBSP}{account.iban[-4:]}"
    return account.number or NOTHING


@register.filter
def size(line: BankTransaction) -> Decimal:
    """The amount without its sign: the column says the sense."""
    return abs(line.amount)


@register.filter
def left(line: BankTransaction) -> Decimal:
    """What of it nothing explains yet."""
    return left_of(line)


@register.simple_tag
def line_state(states: dict[UUID, LineState], line: BankTransaction) -> LineState:
    return states[line.pk]


@register.filter
def accounts(brought: StatementImport) -> list[BankAccount]:
    """The accounts of which an import spoke; reads its annotation."""
    return [BankAccount(**told) for told in brought.of_accounts]  # type: ignore[attr-defined] # by imports_of


@register.filter
def control_words(account: BankAccount) -> str:
    """« juste jusqu’au 13/09/2019 », « écart de 12,00 € depuis le 03/08/2019 »."""
    if account.discrepancy is not None:
        gap = format_money(abs(account.discrepancy), account.currency)
        return f"écart de {gap} depuis le {format_day(account.discrepancy_since)}"
    return f"juste jusqu’au {format_day(account.right_until)}"


@register.filter
def gap_words(gap: Gap) -> str:
    """« Relevé manquant du 14/08/2019 au 20/08/2019 »."""
    if gap.since <= gap.until:
        return f"Relevé manquant du {format_day(gap.since)} au {format_day(gap.until)}"
    return f"Les soldes ne se suivent pas au {format_day(gap.after)}"


BADGES = {
    ImportState.WAITING: "idle",
    ImportState.READING: "idle",
    ImportState.DONE: "done",
    ImportState.REFUSED: "error",
    ImportState.WITHDRAWN: "mute",
}


@register.filter
def import_badge(brought: StatementImport) -> str:
    """The shape of its state: what asks something is filled."""
    return BADGES.get(ImportState(brought.state), "todo")


@register.filter
def remark(brought: StatementImport) -> str:
    """What the row says of itself beside its counts."""
    return import_words.asked_of(brought)


@register.filter
def unknown_account(brought: StatementImport) -> str:
    """« DE89… » of a file whose account the company does not have."""
    return import_words.of_account(brought).strip(" «\u00a0»")


@register.filter
def withdrawal(brought: StatementImport) -> str:
    """What taking the import back would do; reads its annotations."""
    held, staying = brought.held, brought.staying  # type: ignore[attr-defined] # annotated by imports_of
    return import_words.to_withdraw(removed=held - staying, kept=staying)


@register.simple_tag
def progress(brought: StatementImport) -> tuple[int, int | None] | None:
    """(lines read, None) while the file is being read, then (lines done with, of how many); None before."""
    return progress_of(brought.pk)


@register.simple_tag
def accounts_for(choices: dict[UUID, list[BankAccount]], brought: StatementImport) -> list[BankAccount]:
    return choices.get(brought.pk, [])


@register.filter
def date_readings(example: str) -> list[tuple[str, str]]:
    """« 05/11/2026 » → dmy, « 5 novembre 2026 » and mdy, « 11 mai 2026 »."""
    return [(order, format_long_day(to_day(example, order))) for order in ("dmy", "mdy")]
