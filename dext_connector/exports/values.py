"""The cells of an export, in the spellings of Dext and of spreadsheets → the spelling of Dext's API. Pure.

What cannot be read with certainty is left as it is: the publish then refuses that row, in its own words. An amount is
never guessed: « 1,234 » is read only where the rest of the file says which mark parts the decimals.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from firms.folding import fold

DMY, MDY = "dmy", "mdy"
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}
_AROUND = re.compile(r"^(?:[A-Za-z]{3}(?![A-Za-z])|[€$£])|(?:(?<![A-Za-z])[A-Za-z]{3}|[€$£])$")
_DECIMALS = re.compile(r"[.,](\d{1,2})$", re.ASCII)
_PLAIN = re.compile(r"\d+", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*", re.ASCII)
_NUMERIC_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_WORDED_DAY = re.compile(r"(\d{1,2})[\s/.-]+([^\W\d_]+)\.?[\s/.-]+(\d{4}|\d{2})")
_ACCOUNT = re.compile(r"\s*(\d{3,8}|\d{3}[0-9A-Z]{0,9})(?:\s*[-–—:·]|\s|$)", re.ASCII)
_MONTHS = {
    month: number
    for number, names in enumerate((
        "jan janv january janvier", "feb fev fevr february fevrier", "mar mars march", "apr avr april avril",
        "may mai", "jun juin june", "jul juil july juillet", "aug aou aout august", "sep sept september septembre",
        "oct october octobre", "nov november novembre", "dec december decembre",
    ), start=1)
    for month in names.split()
}  # fmt: skip
_TYPES = {
    "credit_note": ("credit note", "credit", "creditnote", "supplier credit", "avoir", "note de credit"),
    "receipt": ("receipt", "receipts", "expense", "expense claim", "expense report", "ticket", "recu", "note de frais"),
    "invoice": ("invoice", "bill", "purchase invoice", "costs", "cost", "facture", "facture d achat", "achat"),
}
_KINDS = {spelling: kind for kind, spellings in _TYPES.items() for spelling in spellings}
_YES = {"yes", "true", "y", "1", "paid", "oui", "vrai", "o", "x", "payee", "paye", "regle", "reglee"}


def decimal_mark(cells: Iterable[str]) -> str:
    """« , » or « . », the only one that parts one or two decimals in `cells`; "" where both do, or none."""
    marks = Counter(cell[-len(found[0])] for cell in map(_bare, cells) if (found := _DECIMALS.search(cell)))
    return next(iter(marks)) if len(marks) == 1 else ""


def read_amount(cell: str, mark: str) -> str:
    """« 1 234,56 € », « EUR 5,76 », « (12.00) », « −3 » → « 1234.56 »…; what is none, or is doubtful, as it came."""
    bare = _bare(cell)
    is_negative = bare.startswith("-") or bare.endswith("-") or (bare.startswith("(") and bare.endswith(")"))
    number = bare.strip("-()")
    found = _DECIMALS.search(number)
    whole, point = (number[: found.start()], found[0][0]) if found else (number, "")
    parted = _GROUPED.fullmatch(whole)
    if parted and not _is_doubtful(parted[1], whole, point, mark):
        whole = re.sub(r"\D", "", whole)
    if not _PLAIN.fullmatch(whole):
        return cell.strip()
    return f"{'-' if is_negative else ''}{whole}{f'.{found[1]}' if found else ''}"


def currency_in(cell: str) -> str:
    """The currency that an amount bears: « EUR 5,76 » → « EUR », « 5,76 € » → « EUR », "" for none."""
    found = _AROUND.search(cell.strip())
    return SYMBOLS.get(found[0], found[0].upper()) if found else ""


def order_of(cells: Iterable[str]) -> set[str]:
    """The orders of day and month that every numeric date of `cells` allows; both where none decides.

    What is no date in either order has no say.
    """
    allowed = {DMY, MDY}
    for cell in cells:
        if found := _NUMERIC_DAY.fullmatch(cell.strip()):
            first, second = int(found[1]), int(found[3])
            if second > 12 >= first:
                allowed -= {DMY}
            elif first > 12 >= second:
                allowed -= {MDY}
    return allowed


def is_doubtful_day(cell: str) -> bool:
    """Whether the two orders read two different days in `cell`."""
    found = _NUMERIC_DAY.fullmatch(cell.strip())
    return found is not None and found[1].zfill(2) != found[3].zfill(2) and max(int(found[1]), int(found[3])) <= 12


def read_day(cell: str, order: str) -> str:
    """« 25/09/2019 », « 25-Sep-19 », « 25 sept. 2019 », « 2019-09-25 » → « 2019-09-25 »; what is none, as it came."""
    text = cell.strip()
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if found := _NUMERIC_DAY.fullmatch(text):
            day, month = (int(found[1]), int(found[3])) if order == DMY else (int(found[3]), int(found[1]))
            return date(_year(found[4]), month, day).isoformat()
        if found := _WORDED_DAY.fullmatch(text):
            return date(_year(found[3]), _MONTHS[fold(found[2])], int(found[1])).isoformat()
    except (ValueError, KeyError):
        pass
    return text


def read_account(cell: str) -> str:
    """« 62570000 - Réceptions », « 6257 Réceptions » → « 62570000 »; "" for a category that names no account."""
    found = _ACCOUNT.match(cell)
    if found is None:
        return ""
    return found[1].ljust(8, "0") if found[1].isdigit() else found[1]


def read_kind(cell: str) -> str:
    """One of the types of the API, an unknown one as it came; an export without types is one of invoices."""
    return _KINDS.get(fold(cell), cell.strip()) if cell.strip() else "invoice"


def is_yes(cell: str) -> bool:
    return fold(cell) in _YES


def _is_doubtful(separator: str, whole: str, point: str, mark: str) -> bool:
    """« 1,234 », unless the file parts its decimals with the other mark; « 1 234 » and « 1.234,5 » are clear."""
    if separator not in {".", ","}:
        return False
    if point:
        return point == separator
    return whole.count(separator) == 1 and mark in {"", separator}


def _bare(cell: str) -> str:
    """Without currency, and with ordinary spaces and minus; spaces around signs are gone."""
    text = re.sub(r"[\u00a0\u2007\u2009\u202f]", " ", cell).replace("\u2212", "-").strip()
    inner = _AROUND.sub("", text).strip()
    return re.sub(r"^([-(])\s+|\s+([-)])$", r"\1\2", _AROUND.sub("", inner).strip())


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
