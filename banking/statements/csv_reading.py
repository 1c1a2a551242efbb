"""The CSV file of a bank account: of a bank that we know, or of any other through the accountant's mapping."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from banking.statements.account import AccountKey
from banking.statements.balances import running_balances
from banking.statements.csv_layout import Layout, mapped_layout
from banking.statements.csv_mapping import ColumnMapping, folded_header, header_fingerprint
from banking.statements.csv_preamble import Preamble, account_of, read_preamble
from banking.statements.csv_profiles import profile_of
from banking.statements.csv_rows import Read, amount_in, data_rows, read_row
from banking.statements.csv_table import SEPARATORS, Row, decode, first_rows, likeliest, rows
from banking.statements.statement import AGAIN, FORMATS, NeedsTelling, Statement, UnreadableStatement
from banking.statements.told import NOTHING_TOLD, Told

PREVIEW: Final = 20


class UnknownColumns(UnreadableStatement):
    """A table whose columns nobody has named: `header`, first `rows`, the `fingerprint` to keep a mapping under."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> None:
        self.header = tuple(header)
        self.rows = tuple(map(tuple, rows))
        self.fingerprint = header_fingerprint(header)
        shown = ", ".join(name or "—" for name in header)[:200]
        super().__init__(
            f"Ligne {place} : colonnes inconnues ({shown}). "
            "Dites une fois ce que chacune contient : date, libellé, montant.",
            place,
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A file with its separator, the rows above its header, and the layout that reads it."""

    text: str
    separator: str
    above: Sequence[Row]
    header: Row
    layout: Layout

    def rows(self) -> Iterator[Row]:
        """The rows below the header."""
        below = islice(rows(self.text, self.separator), len(self.above) + 1, None)
        return data_rows(below, self.header, self.layout)


def read_csv(data: bytes, *, told: Told = NOTHING_TOLD, mapping: ColumnMapping | None = None) -> list[Statement]:
    """The statements of a file, one by account and currency. Raises UnreadableStatement, and nothing else.

    Among them UnknownColumns where neither a profile nor a mapping knows the header, and NeedsTelling where the file
    does not name its account. `mapping` comes before the bank's own profile, and `told.mappings` after it.
    """
    table = _table(decode(data), told, mapping)
    if table is None:
        raise UnreadableStatement(f"Refusé : ce n’est pas un relevé bancaire que MEG Achats connaît. {FORMATS}")
    preamble = read_preamble(table.above, table.layout, told.currency)
    currency = preamble.currency or told.currency
    sign = _debit_sign(table, currency)
    read = [read_row(row, table.layout, currency, sign) for row in table.rows()]
    _check_count(read, preamble, table)
    statements = [_statement(group, preamble, told, table.layout) for group in _by_account(read)]
    if len({(one.account, one.currency) for one in statements}) > len({one.account for one in statements}):
        raise UnreadableStatement(
            f"Ligne {table.header.line} : plusieurs devises pour un seul compte. Exportez un compte à la fois.",
            table.header.line,
        )
    return statements


def _table(text: str, told: Told, mapping: ColumnMapping | None) -> Table | None:
    for separator in SEPARATORS:
        if table := _known(text, separator, told, mapping):
            return table
    unknown = likeliest(text)
    if unknown is None:
        return None
    _, found, place = unknown
    shown = [row.cells for row in found[place + 1 :] if not row.is_blank]
    raise UnknownColumns(found[place].cells, shown[:PREVIEW], found[place].line)


def _known(text: str, separator: str, told: Told, mapping: ColumnMapping | None) -> Table | None:
    found = first_rows(text, separator)
    for place, row in enumerate(found):
        if len(row.cells) > 1 and (layout := _layout(row.cells, told, mapping)):
            return Table(text, separator, found[:place], row, layout)
    return None


def _layout(header: tuple[str, ...], told: Told, mapping: ColumnMapping | None) -> Layout | None:
    if mapping:
        return mapped_layout(mapping) if mapping.fits(header) else None
    if profile := profile_of(header):
        return profile.layout(folded_header(header))
    kept = told.mappings.get(header_fingerprint(header))
    return mapped_layout(kept) if kept and kept.fits(header) else None


def _debit_sign(table: Table, currency: str) -> int:
    """−1 where debits are written negative: what the profile says, else the first debit of the file."""
    layout = table.layout
    if layout.debit is None or layout.is_debit_negative is not None:
        return -1 if layout.is_debit_negative else 1
    debits = (amount_in(row, layout.debit, layout, currency) for row in table.rows())
    return -1 if next((cents for cents in debits if cents), 1) < 0 else 1


def _check_count(read: Sequence[Read], preamble: Preamble, table: Table) -> None:
    if preamble.count is not None and preamble.count != len(read):
        raise UnreadableStatement(
            f"Refusé : le fichier annonce {preamble.count} opérations et en contient {len(read)}. {AGAIN}",
            table.above[0].line,
        )


def _by_account(read: Sequence[Read]) -> list[list[Read]]:
    groups: dict[tuple[str, str], list[Read]] = {}
    for item in read:
        groups.setdefault((item.account, item.currency), []).append(item)
    if not groups:
        raise UnreadableStatement(f"Refusé : ce fichier ne contient aucune opération passée. {AGAIN}")
    return list(groups.values())


def _statement(group: Sequence[Read], preamble: Preamble, told: Told, layout: Layout) -> Statement:
    lines = tuple(item.line for item in group)
    if lines[0].booked_on > lines[-1].booked_on:
        lines = lines[::-1]
    first, last = min(line.booked_on for line in lines), max(line.booked_on for line in lines)
    opening, closing = _running(group)
    if closing is None and preamble.balance_on and preamble.balance_on >= last:
        closing, last = preamble.balance_cents, preamble.balance_on
    return Statement(
        account=_account(group[0].account, preamble, told, layout),
        currency=group[0].currency,
        opening_on=min(first, preamble.since or first),
        opening_cents=opening,
        closing_on=max(last, preamble.until or last) if closing is None else last,
        closing_cents=closing,
        lines=lines,
        format="csv",
    )


def _running(group: Sequence[Read]) -> tuple[int | None, int | None]:
    """Opening and closing from the balances after each line, verified; nothing where a line lacks its own."""
    balances = [
        (item.line.amount_cents, item.balance_cents, item.line.line_number)
        for item in group
        if item.balance_cents is not None
    ]
    return running_balances(balances, group[0].currency) if len(balances) == len(group) else (None, None)


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
