"""One row of an export → an item in the spelling of Dext's API, and its file in the ZIP. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dext_connector.exports.columns import Columns
from dext_connector.exports.values import currency_in, is_yes, read_account, read_amount, read_day, read_kind

_AMOUNTS = ("total", "vat_amount", "net", "base_total")
_WORDS = ("external_id", "reference", "description", "note")
_ADDRESS = re.compile(r"https?://\S+")
_EMAIL = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+")


@dataclass(frozen=True)
class Spelling:
    """How the rows of one export are written. `files` are the names in the ZIP."""

    columns: Columns
    date_order: str
    decimal_mark: str
    currency: str
    files: frozenset[str]


@dataclass(frozen=True)
class ExportedRow:
    """`payload` is an item of the API, with the row as it came in `dext_export`; `file` is in the ZIP, "" for none."""

    line: int
    payload: dict[str, Any]
    file: str


def row_of(cells: Sequence[str], *, line: int, spelling: Spelling) -> ExportedRow:
    """What is empty is absent; what cannot be read stays as it came, for the publish to refuse it in its words."""
    columns = spelling.columns
    said = {name: cells[place].strip() for name, place in columns.fields.items() if place < len(cells)}
    said = {name: cell for name, cell in said.items() if cell}
    payload: dict[str, Any] = {name: said[name] for name in _WORDS if name in said}
    payload["type"] = read_kind(said.get("type", ""))
    payload |= {name: read_day(said[name], spelling.date_order) for name in ("date", "due_date") if name in said}
    payload |= _amounts(said, spelling, is_credit=payload["type"] == "credit_note")
    payload |= _named(said)
    payload["dext_export"] = {
        title or f"colonne {place + 1}": cells[place]
        for place, title in enumerate(columns.header)
        if place < len(cells) and cells[place].strip()
    }
    return ExportedRow(line, payload, _file_of(said, spelling.files))


def _amounts(said: dict[str, str], spelling: Spelling, *, is_credit: bool) -> dict[str, str]:
    """Dext exports a credit note below zero; the API wants it positive, the type saying the sense."""
    found = {name: read_amount(said[name], spelling.decimal_mark) for name in _AMOUNTS if name in said}
    if is_credit and found.get("total", "").startswith("-"):
        found = {name: _opposite(amount) for name, amount in found.items()}
    currency = _currency(said, spelling)
    base = spelling.columns.base_currency
    if "base_total" in found and currency == base:
        del found["base_total"]
    return found | {"currency": currency} | ({"base_currency": base} if "base_total" in found else {})


def _opposite(amount: str) -> str:
    """A VAT that is positive under a negative total stays wrong: the publish refuses it."""
    if amount.startswith("-"):
        return amount[1:]
    return f"-{amount}" if amount.strip("0.") else amount


def _currency(said: dict[str, str], spelling: Spelling) -> str:
    """That of its column, else the one that the total bears, else that of « Total (EUR) », else of the company."""
    if "currency" in said:
        return currency_in(said["currency"]) or said["currency"]
    return currency_in(said.get("total", "")) or spelling.columns.base_currency or spelling.currency


def _named(said: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "supplier" in said:
        found["supplier"] = {"name": said["supplier"]}
    if account := read_account(said.get("account", "")):
        found["account"] = account
    if "payment_method" in said:
        found["payment_method"] = {"label": said["payment_method"]}
    if "owner" in said:
        found["owner"] = {"email" if _EMAIL.fullmatch(said["owner"]) else "name": said["owner"]}
    if "paid" in said:
        found["paid"] = is_yes(said["paid"])
    if _ADDRESS.fullmatch(said.get("image", "")):
        found["source_url"] = said["image"]
    return found


def _file_of(said: dict[str, str], files: frozenset[str]) -> str:
    """The file that the row names, else the only one that bears its reference; a doubt joins none."""
    named = re.split(r"[/\\]", said.get("image", ""))[-1]
    if named in files:
        return named
    reference = said.get("external_id", "")
    if not reference:
        return ""
    whole_word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(reference)}(?![A-Za-z0-9])")
    bearing = [name for name in files if whole_word.search(name)]
    return bearing[0] if len(bearing) == 1 else ""
