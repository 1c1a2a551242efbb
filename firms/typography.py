"""Numbers and dates as a French reader writes them, and back. Pure.

U+00A0 parts thousands and stands before a sign, U+2212 is the minus: U+202F has no glyph in many fonts and Django's
forms refuse it. Reading is generous: any Unicode space, « , » or « . », « € », either minus.
"""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "—"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
# fmt: off
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
# fmt: on
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?|(\d{2})(\d{2})(\d{2}|\d{4})", re.ASCII)


def format_amount(amount: Decimal | None) -> str:
    """« 1 743,54 », « −212,40 », « — » for None: two decimals, without a currency."""
    if amount is None:
        return NOTHING
    text = f"{abs(amount):,.2f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if amount < 0 else text


def format_money(amount: Decimal | None, currency: str = "EUR") -> str:
    """« 1 743,54 € », « 12,50 $ », « 80,00 CHF »."""
    if amount is None:
        return NOTHING
    return f"{format_amount(amount)}{NBSP}{SYMBOLS.get(currency, currency)}"


def format_count(count: int) -> str:
    """« 1 248 »."""
    return f"{count:,}".replace(",", NBSP)


def count_of(number: int, singular: str, plural: str = "") -> str:
    """« 12 factures », « 0 facture »: zero is singular, as in French."""
    return f"{format_count(number)}{NBSP}{singular if number < 2 else plural or singular + 's'}"


def format_day(day: date | None) -> str:
    """« 01/08/2019 »: the day of a table."""
    return NOTHING if day is None else f"{day:%d/%m/%Y}"


def format_long_day(day: date | None) -> str:
    """« 1er août 2019 »: the day of a sentence."""
    if day is None:
        return NOTHING
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def read_amount(text: str) -> Decimal | None:
    """« 1 234,56 € », « 5.76 », « −3 » → the number to two decimals; None for what is none."""
    bare = re.sub(r"[\s€]", "", text).replace(MINUS, "-").replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def read_day(text: str, *, today: date) -> date | None:
    """« 19/08/2019 », « 190819 », « 19/8 », « 2019-08-19 », « hier » → a day.

    Without a year, the last such day not after `today`.
    """
    word = text.strip().casefold()
    if word in {"hier", "aujourd’hui", "aujourd'hui"}:
        return today - timedelta(days=word == "hier")
    found = _DAY.fullmatch(word)
    if found is None:
        return _read_iso(word)
    parts = found.groups()[:3] if found[1] else found.groups()[3:]
    day, month, year = (int(part) if part else None for part in parts)
    return _build_day(day or 0, month or 0, year, today)


def _read_iso(word: str) -> date | None:
    """« 2019-08-19 », as addresses and date fields of browsers write it."""
    try:
        return date.fromisoformat(word) if "-" in word else None
    except ValueError:
        return None


def _build_day(day: int, month: int, year: int | None, today: date) -> date | None:
    try:
        if year is not None:
            return date(year if year > 99 else 2000 + year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
