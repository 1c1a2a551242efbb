"""The statements of a file → bank lines of a company, each once, whatever is imported again and by how many at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from banking.accounts.balance_control import control_balances
from banking.accounts.recognising import recognise_accounts
from banking.imports.adding import copy_lines
from banking.imports.arriving import put_down
from banking.imports.holdings import Holdings, balance
from banking.match_asking import ask_for_news
from banking.models import BankAccount, BankStatement, ImportState, StatementImport
from banking.statements.account import AccountKey
from banking.statements.overlap import missing_statements
from banking.statements.statement import Event, Statement
from firms.events import record_event
from firms.models import Company

BATCH = 2_000


def store_statements(
    brought: StatementImport,
    events: Iterable[Event],
    *,
    at: datetime,
    told: Callable[[int, int | None], None],
) -> None:
    """Store the lines that the company does not hold yet and say in `brought` what came of it; matched on commit.

    `events` are the lines of each statement, then the statement without them. `told` hears (lines read, None) while
    the file is read, then (lines done with, of how many). Raises what reading raises, UnknownBankAccount or
    WrongCurrency. Call it in a transaction, which from the end of the file on is the only one that imports into this
    company: the next sees what this one stored.
    """
    arrivals = put_down(events, told=lambda count: told(count, None))
    statements = [arrival.statement for arrival in arrivals]
    company = Company.objects.select_for_update(no_key=True).get(pk=brought.company_id)
    accounts = recognise_accounts(
        company=company, statements=statements, create=brought.may_create_account, chosen=brought.told_account
    )
    brought.accounts = list(dict.fromkeys(accounts.values()))
    holdings = Holdings(brought.accounts)
    rows = _store_statements(brought, statements, accounts, holdings)
    total = sum(arrival.count for arrival in arrivals)
    new, read = copy_lines(arrivals, rows, holdings, at=at, told=lambda count: told(count, total))
    _say(brought, statements, accounts, holdings, new=new, read=read)
    control_balances(brought.accounts)
    record_event(company=company, kind="statement.imported", subject_id=brought.pk, by=brought.by, at=at)
    if new:
        ask_for_news(company_id=company.pk)


def _say(
    brought: StatementImport,
    statements: Sequence[Statement],
    accounts: Mapping[AccountKey, BankAccount],
    holdings: Holdings,
    *,
    new: int,
    read: int,
) -> None:
    """The counts, and what the accountant should know although the file was taken. A file read again adds to them."""
    gaps = [
        gap
        for account in brought.accounts
        for gap in missing_statements(
            [s for s in statements if accounts[s.account] == account], holdings.periods[account.pk]
        )
    ]
    has_balances = any(s.opening_cents is not None or s.closing_cents is not None for s in statements)
    brought.state, brought.asked, brought.line_number = ImportState.DONE, {}, None
    brought.added += new
    brought.known = max(read - brought.added, 0)
    brought.balances_follow = not gaps if has_balances else None
    brought.message = (_seen_before(brought) or " ".join(gaps))[:500]


def _seen_before(brought: StatementImport) -> str:
    if brought.added:
        return ""
    same = StatementImport.objects.filter(
        company=brought.company_id, sha256=brought.sha256, state=ImportState.DONE
    ).exclude(pk=brought.pk)
    earlier = same.order_by("-id").first()
    return f"Déjà importé le {earlier.at:%d/%m/%Y}. Rien de nouveau." if earlier else ""


def _store_statements(
    brought: StatementImport,
    statements: Sequence[Statement],
    accounts: Mapping[AccountKey, BankAccount],
    holdings: Holdings,
) -> list[BankStatement]:
    """The row of each statement: the one held already where it is the same."""
    held = {_identity(row): row for row in holdings.statements}
    fresh: dict[tuple[object, ...], BankStatement] = {}
    rows = []
    for statement in statements:
        row = _statement_row(brought, statement, accounts[statement.account])
        rows.append(held.get(_identity(row)) or fresh.setdefault(_identity(row), row))
    BankStatement.objects.bulk_create(fresh.values(), batch_size=BATCH)
    return rows


def _statement_row(brought: StatementImport, statement: Statement, account: BankAccount) -> BankStatement:
    return BankStatement(
        company_id=brought.company_id,
        account=account,
        statement_import=brought,
        format=statement.format,
        opening_on=statement.opening_on,
        opening_amount=balance(statement.opening_cents, statement.currency),
        closing_on=statement.closing_on,
        closing_amount=balance(statement.closing_cents, statement.currency),
    )


def _identity(row: BankStatement) -> tuple[object, ...]:
    return row.account_id, row.format, row.opening_on, row.opening_amount, row.closing_on, row.closing_amount
