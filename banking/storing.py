"""The statements of a file → bank lines of a company, each once, whatever is imported again and by how many at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from banking.balance_control import control_balances
from banking.copying import copy_lines
from banking.holdings import Holdings, balance
from banking.models import BankAccount, BankStatement, ImportState, StatementImport
from banking.recognising import recognise_accounts
from banking.statements.account import AccountKey
from banking.statements.fingerprints import fingerprinted
from banking.statements.overlap import Marked, missing_statements, new_lines
from banking.statements.statement import Statement
from banking.tasks import ask_for_match
from firms.events import record_event
from firms.models import Company

BATCH = 2_000


def store_statements(
    brought: StatementImport, statements: Sequence[Statement], *, at: datetime, told: Callable[[int, int], None]
) -> None:
    """Store the lines that the company does not hold yet and say in `brought` what came of it; matched on commit.

    `told` hears (how many lines stand, of how many). Raises UnknownBankAccount or WrongCurrency. Call it in a
    transaction, which is then the only one that imports into this company: the next sees what this one stored.
    """
    company = Company.objects.select_for_update(no_key=True).get(pk=brought.company_id)
    accounts = recognise_accounts(
        company=company, statements=statements, create=brought.may_create_account, chosen=brought.told_account
    )
    holdings = Holdings(accounts.values(), statements)
    marked = list(fingerprinted(statements, key_of=lambda statement: str(accounts[statement.account].pk)))
    new = _new_lines(marked, accounts, holdings)
    brought.accounts = list(dict.fromkeys(accounts.values()))
    _say(brought, statements, accounts, holdings, new=len(new), read=len(marked))
    rows = _store_statements(brought, statements, accounts, holdings)
    copy_lines(new, rows, at=at, told=lambda stored: told(stored, len(new)))
    control_balances(brought.accounts)
    record_event(company=company, kind="statement.imported", subject_id=brought.pk, by=brought.by, at=at)
    if new:
        ask_for_match(company_id=company.pk)


def _new_lines(marked: Sequence[Marked], accounts: dict[AccountKey, BankAccount], holdings: Holdings) -> list[Marked]:
    by_account: dict[UUID, list[Marked]] = {}
    for item in marked:
        by_account.setdefault(accounts[item[0].account].pk, []).append(item)
    return [
        item for pk, items in by_account.items() for item in new_lines(items, holdings.lines[pk], holdings.periods[pk])
    ]


def _say(
    brought: StatementImport,
    statements: Sequence[Statement],
    accounts: dict[AccountKey, BankAccount],
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
    accounts: dict[AccountKey, BankAccount],
    holdings: Holdings,
) -> dict[int, BankStatement]:
    """The row of each statement by its place in memory: the one held already where it is the same."""
    held = {_identity(row): row for row in holdings.statements}
    fresh: dict[tuple[object, ...], BankStatement] = {}
    rows: dict[int, BankStatement] = {}
    for statement in statements:
        row = _statement_row(brought, statement, accounts[statement.account])
        rows[id(statement)] = held.get(_identity(row)) or fresh.setdefault(_identity(row), row)
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
