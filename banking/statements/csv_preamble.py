"""What a bank prints above the table of its CSV: account, period, number of lines, balance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import iban as iban_number

from banking.statements.account import AccountKey
from banking.statements.amounts import UnreadableAmount, to_cents
from banking.statements.csv_layout import Layout
from banking.statements.csv_mapping import folded_header
from banking.statements.csv_table import Row
from banking.statements.days import to_day
from banking.statements.statement import UnreadableStatement

# What is looked for stands in a few short lines.
LONGEST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Preamble:
    """`account` is whole, or None and `hint` holds what is shown of it. `count` is the number of lines announced."""

    account: AccountKey | None = None
    hint: str = ""
    currency: str = ""
    since: date | None = None
    until: date | None = None
    count: int | None = None
    balance_on: date | None = None
    balance_cents: int | None = None


def read_preamble(rows: Sequence[Row], layout: Layout, currency: str) -> Preamble:
    """From the rows before the header. Raises UnreadableStatement for the list of a card debited later."""
    text = "\n".join(";".join(row.cells) for row in rows)[:LONGEST]
    refuse_deferred(text, rows[-1].line if rows else 1)
    found: dict[str, str] = {}
    for pattern in layout.preamble:
        if match := pattern.search(text):
            found |= {name: value for name, value in match.groupdict().items() if value and name not in found}
    account, hint = _account(found, layout)
    stated = found.get("currency", "")
    return Preamble(
        account=account,
        hint=hint,
        currency=stated,
        since=to_day(found.get("since", ""), layout.order),
        until=to_day(found.get("until", ""), layout.order),
        count=int(found["count"]) if "count" in found else None,
        balance_on=to_day(found.get("balance_on", ""), layout.order),
        balance_cents=_balance(found.get("balance", ""), stated or currency),
    )


def refuse_deferred(text: str, line: int) -> None:
    """Operations of a card that is debited later are the detail of one bank line, not bank lines."""
    if re.search("encours debite|encours carte|encours de carte", " ".join(folded_header([text]))):
        raise UnreadableStatement(
            f"Ligne {line} : ce sont les opérations d’une carte à débit différé, pas celles du compte. "
            "Exportez les opérations du compte seul.",
            line,
        )


def account_of(text: str, bank_code: str) -> tuple[AccountKey | None, str]:
    """The account that a cell names, or None and the cell: a number alone says no account without its bank."""
    bare = re.sub("[^0-9A-Za-z]", "", text).upper()
    if by_iban := _by_iban(bare):
        return by_iban, ""
    if re.fullmatch("[0-9A-Z]{11}", bare) and bank_code:
        return AccountKey(bank=bank_code, number=bare), ""
    return None, text


def _by_iban(text: str) -> AccountKey | None:
    account = AccountKey.from_iban(text)
    return account if account.number or iban_number.is_valid(text) else None


def _account(found: dict[str, str], layout: Layout) -> tuple[AccountKey | None, str]:
    if by_iban := _by_iban(found.get("iban", "")):
        return by_iban, ""
    number = found.get("number", "")
    if number and found.get("branch"):
        return AccountKey.from_rib(layout.bank_code, found["branch"], number), ""
    if number.strip("0"):
        return account_of(number, layout.bank_code)
    return None, found.get("masked", "")


def _balance(text: str, currency: str) -> int | None:
    try:
        return to_cents(text, currency, ",") if text else None
    except UnreadableAmount:
        return None
