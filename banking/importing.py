"""A statement file → bank lines of a company, each once, whatever is imported again and by how many at a time."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from banking.holdings import Holdings, amount, balance
from banking.models import BankAccount, BankStatement, BankTransaction, ImportState, StatementImport
from banking.recognising import UnknownBankAccount, WrongCurrency, recognise_accounts
from banking.statements.account import AccountKey
from banking.statements.detect import read_statements
from banking.statements.fingerprints import fingerprinted
from banking.statements.overlap import Marked, missing_statements, new_lines
from banking.statements.statement import Statement, StatementLine, UnreadableStatement
from banking.tasks import ask_for_match
from firms.events import record_event
from firms.models import Company, User

BATCH = 2_000

# What import_statement raises; each carries `message`, a French sentence.
REFUSALS = (UnreadableStatement, UnknownBankAccount, WrongCurrency)


def import_statement(
    *, company: Company, data: bytes, filename: str, by: User | None = None, create_account: bool = False
) -> StatementImport:
    """Store the lines of a CFONB 120 or OFX file that `company` does not hold yet, and have them matched on commit.

    All or nothing. A refusal is recorded as a StatementImport too, then raised: UnreadableStatement,
    UnknownBankAccount (unless `create_account`) or WrongCurrency. Call it outside any transaction, or the record
    of a refusal goes with the caller's.
    """
    brought = StatementImport(company=company, filename=filename[-200:], by=by, sha256=hashlib.sha256(data).hexdigest())
    try:
        statements = read_statements(data)
        with transaction.atomic():
            _store(brought, statements, create_account=create_account)
    except REFUSALS as refusal:
        brought.state, brought.message = ImportState.REFUSED, refusal.message[:500]
        brought.save(force_insert=True)
        raise
    return brought


def _store(brought: StatementImport, statements: Sequence[Statement], *, create_account: bool) -> None:
    # One import at a time in a company: the second sees what the first stored.
    company = Company.objects.select_for_update(no_key=True).get(pk=brought.company_id)
    accounts = recognise_accounts(company=company, statements=statements, create=create_account)
    holdings = Holdings(accounts.values(), statements)
    marked = list(fingerprinted(statements, key_of=lambda statement: str(accounts[statement.account].pk)))
    new = _new_lines(marked, accounts, holdings)
    brought.accounts = list(dict.fromkeys(accounts.values()))
    brought.state, brought.added, brought.known = ImportState.DONE, len(new), len(marked) - len(new)
    brought.message = _remarks(brought, statements, accounts, holdings)[:500]
    brought.save(force_insert=True)
    _store_lines(new, _store_statements(brought, statements, accounts, holdings))
    record_event(company=company, kind="statement.imported", subject_id=brought.pk, by=brought.by)
    if new:
        ask_for_match(company_id=company.pk)


def _new_lines(marked: Sequence[Marked], accounts: dict[AccountKey, BankAccount], holdings: Holdings) -> list[Marked]:
    by_account: dict[UUID, list[Marked]] = {}
    for item in marked:
        by_account.setdefault(accounts[item[0].account].pk, []).append(item)
    return [
        item for pk, items in by_account.items() for item in new_lines(items, holdings.lines[pk], holdings.periods[pk])
    ]


def _remarks(
    brought: StatementImport,
    statements: Sequence[Statement],
    accounts: dict[AccountKey, BankAccount],
    holdings: Holdings,
) -> str:
    """What the accountant should know although the file was taken."""
    earlier = StatementImport.objects.filter(
        company=brought.company_id, sha256=brought.sha256, state=ImportState.DONE
    ).first()
    if earlier and not brought.added:
        return f"Déjà importé le {earlier.at:%d/%m/%Y}. Rien de nouveau."
    gaps = [
        gap
        for account in brought.accounts
        for gap in missing_statements(
            [s for s in statements if accounts[s.account] == account], holdings.periods[account.pk]
        )
    ]
    return " ".join(gaps)


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


def _store_lines(new: Sequence[Marked], rows: dict[int, BankStatement]) -> None:
    lines = [_line_row(rows[id(statement)], statement.currency, line, mark) for statement, line, mark in new]
    BankTransaction.objects.bulk_create(lines, batch_size=BATCH)


def _line_row(row: BankStatement, currency: str, line: StatementLine, mark: str) -> BankTransaction:
    return BankTransaction(
        company_id=row.company_id,
        account_id=row.account_id,
        statement=row,
        booked_on=line.booked_on,
        value_on=line.value_on,
        amount=amount(line.amount_cents, currency),
        label=line.label[:200],
        detail=line.detail,
        kind=line.kind[:20],
        bank_reference=line.bank_reference[:255],
        creditor_identifier=line.complements.creditor_identifier[:35],
        mandate=line.complements.mandate[:35],
        fingerprint=mark,
    )
