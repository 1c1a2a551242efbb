"""Days as banks write them. Which of day and month comes first is told, never guessed."""

import re
from datetime import date
from functools import lru_cache
from typing import Final, Literal

Order = Literal["dmy", "mdy", "ymd"]

# Whatever the hour after it: the day is the bank's own.
_DAY: Final = re.compile(
    r"([0-9]{1,4}) ?[/.-] ?([0-9]{1,2}) ?([/.'’-]) ?([0-9]{4}|[0-9]{1,2})(?:[ T]+[0-9]{1,2}[:hH][0-9]{2}.*)?"
)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


@lru_cache(maxsize=4096)
def to_day(text: str, order: Order) -> date | None:
    """« 05/11/2026 », « 05-11-26 10:00 », « 2026-11-05T09:58:11 »; None where that is no day.

    Four figures first are the year whatever the order. Of two figures, 80 to 99 are of the last century, but after
    an apostrophe (« 5/11'98 », Quicken's) all are of this one.
    """
    parts = _parts(text)
    if parts is None:
        return None
    first, second, third, is_quicken = parts
    if len(first) > 2:
        year, month, day = first, second, third
    elif order == "ymd":
        return None
    else:
        year = third
        day, month = (first, second) if order == "dmy" else (second, first)
    try:
        return date(_year(year, is_quicken=is_quicken), int(month), int(day))
    except ValueError:
        return None


def orders_of(text: str) -> frozenset[Order]:
    """Which of « dmy » and « mdy » this day allows: both where neither part is over 12."""
    return frozenset(order for order in ("dmy", "mdy") if to_day(text, order))


def _parts(text: str) -> tuple[str, str, str, bool] | None:
    text = text.strip()
    if compact := _COMPACT.fullmatch(text):
        return compact[1], compact[2], compact[3], False
    found = _DAY.fullmatch(text)
    if not found or len(found[1]) == 3 or (len(found[1]) == 4 and len(found[4]) > 2):
        return None
    is_quicken = found[3] in "'’"
    if len(found[1]) < 3 and len(found[4]) == 1 and not is_quicken:
        return None
    return found[1], found[2], found[4], is_quicken


def _year(text: str, *, is_quicken: bool) -> int:
    if len(text) == 4:
        return int(text)
    year = int(text)
    return 2000 + year if is_quicken or year < 80 else 1900 + year
