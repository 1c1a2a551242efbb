"""The rows of a CSV file, account by account: each one's lines, then its statement."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.csv_layout import Layout
from banking.statements.csv_preamble import Preamble, account_of, read_preamble
from banking.statements.csv_rows import Key, amount_in, data_rows, key_of, read_row
from banking.statements.csv_table import Row, rows
from banking.statements.row_spool import RowSpool
from banking.statements.running_balances import RunningBalances
from banking.statements.statement import AGAIN, Event, NeedsTelling, Statement, UnreadableStatement
from banking.statements.tally import Tally
from banking.statements.told import Told

MOST_ACCOUNTS: Final = 100


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its separator, the rows above its header, and the layout that reads it."""

    texts: Callable[[], Iterator[str]]
    separator: str
    above: Sequence[Row]
    header: Row
    layout: Layout

    def rows(self) -> Iterator[Row]:
        """The rows below the header."""
        below = islice(rows(self.texts(), self.separator), len(self.above) + 1, None)
        return data_rows(below, self.header, self.layout)


class Accounts:
    """The accounts of a table, in the order of their first rows."""

    def __init__(self, table: Table, told: Told) -> None:
        self.table, self.layout, self.told = table, table.layout, told
        self.preamble = read_preamble(table.above, table.layout, told.currency)
        self.currency = self.preamble.currency or told.currency
        self.debit_sign = _debit_sign(table, self.currency)
        self.known: dict[AccountKey, str] = {}

    def events(self) -> Iterator[Event]:
        """The lines of each account with its statement. Raises UnreadableStatement.

        Where the rows of several alternate, those of the first are read and the others set aside on disk, and so on.
        """
        with RowSpool() as one, RowSpool() as other:
            found, later, spare = self.table.rows(), one, other
            while True:
                yield from self._of_first(found, later)
                if not later.count:
                    return
                found, later, spare = later.rows(), spare, later
                later.clear()

    def _of_first(self, found: Iterator[Row], later: RowSpool) -> Iterator[Event]:
        """The account of the first of these rows; those of others go to `later`."""
        first = next(found, None)
        if first is None:
            self._check_count(0)
            raise UnreadableStatement(f"Refusé : ce fichier ne contient aucune opération passée. {AGAIN}")
        key, tally = key_of(first, self.layout, self.currency), Tally()
        is_only, account = not self.known, self._begun(key)
        with RunningBalances(key.currency) as running:
            for row in chain([first], found):
                if key_of(row, self.layout, self.currency) != key:
                    later.add(row)
                    continue
                line, balance = read_row(row, self.layout, key.currency, self.debit_sign)
                running.add(line.amount_cents, balance, line.line_number)
                yield tally.add(line)
            if is_only:
                self._check_count(tally.count + later.count)
            yield _statement(account, key.currency, tally, running.ends(), self.preamble)

    def _begun(self, key: Key) -> AccountKey:
        account = _account(key.account, self.preamble, self.told, self.layout)
        line = self.table.header.line
        if self.known.setdefault(account, key.currency) != key.currency:
            raise UnreadableStatement(
                f"Ligne {line} : plusieurs devises pour un seul compte. Exportez un compte à la fois.", line
            )
        if len(self.known) > MOST_ACCOUNTS:
            raise UnreadableStatement(
                f"Ligne {line} : plus de {MOST_ACCOUNTS} comptes dans un fichier. Exportez un compte à la fois.", line
            )
        return account

    def _check_count(self, count: int) -> None:
        announced = self.preamble.count
        if announced is not None and announced != count:
            raise UnreadableStatement(
                f"Refusé : le fichier annonce {announced} opérations et en contient {count}. {AGAIN}",
                self.table.above[0].line,
            )


def _debit_sign(table: Table, currency: str) -> int:
    """−1 where debits are written negative: what the profile says, else the first debit of the file."""
    layout = table.layout
    if layout.debit is None or layout.is_debit_negative is not None:
        return -1 if layout.is_debit_negative else 1
    debits = (amount_in(row, layout.debit, layout, currency) for row in table.rows())
    return -1 if next((cents for cents in debits if cents), 1) < 0 else 1


def _statement(
    account: AccountKey, currency: str, tally: Tally, ends: tuple[int | None, int | None], preamble: Preamble
) -> Statement:
    first, last = tally.earliest, tally.latest
    opening, closing = ends
    if closing is None and preamble.balance_on and last and preamble.balance_on >= last:
        closing, last = preamble.balance_cents, preamble.balance_on
    days = [day for day in (last, preamble.until if closing is None else None) if day]
    return Statement(
        account=account,
        currency=currency,
        opening_on=min(day for day in (first, preamble.since) if day),
        opening_cents=opening,
        closing_on=max(days),
        closing_cents=closing,
        lines=(),
        format="csv",
        is_newest_first=tally.is_newest_first,
    )


def _account(cell: str, preamble: Preamble, told: Told, layout: Layout) -> AccountKey:
    """The file's own account, else the one told, which must not contradict what the file shows of it."""
    account, hint = account_of(cell, layout.bank_code) if cell else (preamble.account, preamble.hint)
    if account:
        return account
    if told.account is None:
        raise NeedsTelling(frozenset({"account"}), hint)
    figures = re.sub("[^0-9]", "", hint)
    if figures.strip("0") and not _last(told.account).endswith(figures[-11:]):
        raise UnreadableStatement(
            f"Refusé : le fichier est du compte « {hint} », et vous indiquez le compte « {told.account.key} ». "
            "Indiquez l’autre compte."
        )
    return told.account


def _last(account: AccountKey) -> str:
    return account.card or account.number or account.iban
