"""What a bank account, a line and an import show of themselves: `{% load bank %}`."""

from decimal import Decimal
from uuid import UUID

from django import template

from banking.browsing import LineState
from banking.models import BankAccount, BankTransaction, StatementImport
from firms.typography import NBSP, NOTHING

register = template.Library()


@register.filter
def account_number(account: BankAccount) -> str:
    """« FR76 … 4471 », or the number of the account, or « — »."""
    if account.iban:
        return f"{account.iban[:4]}{NBSP}…{NBSP}{account.iban[-4:]}"
    return account.number or NOTHING


@register.filter
def size(line: BankTransaction) -> Decimal:
    """The amount without its sign: the column says the sense."""
    return abs(line.amount)


@register.simple_tag
def line_state(states: dict[UUID, LineState], line: BankTransaction) -> LineState:
    return states[line.pk]


@register.filter
def accounts(brought: StatementImport) -> list[BankAccount]:
    """The accounts of which an import spoke; reads the prefetched statements."""
    return list(dict.fromkeys(statement.account for statement in brought.statements.all()))
