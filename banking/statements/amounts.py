"""Amounts as banks and people type them → minor units, told to the last digit or refused."""

import re
from typing import Final, Literal

from banking.statements.money import decimals_of, rescale

Mark = Literal[",", "."]

_PLAIN: Final = re.compile(r"([+-]?)([0-9]{1,15})(?:([.,])([0-9]{1,2}))?")
_MINUSES: Final = str.maketrans("\u2212\u2013\u2010\u2011", "----")
_SPACES: Final = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([ .,'’])[0-9]{3}(?:\1[0-9]{3})*)?")


class UnreadableAmount(ValueError):
    """The reason in French: « illisible », « ambigu (milliers ou décimales ?) », « plus fin que le centime »."""


def to_cents(text: str, currency: str, mark: Mark | None = None) -> int:
    """« -124,80 », « 2 400,00 », « −1 292.79 € », « (86,50) », « 12,50- » → minor units. Raises UnreadableAmount.

    `mark` is the decimal mark where it is known. Where it is not, three figures after a single mark may be thousands
    or decimals, and are refused.
    """
    plain = _PLAIN.fullmatch(text)
    sign, whole, point, part = plain.groups() if plain else _parts(text, currency, mark)
    if point and mark and point != mark:
        raise UnreadableAmount("illisible")
    cents = rescale(int(whole + (part or "")), len(part or ""), decimals_of(currency))
    if cents is None:
        raise UnreadableAmount("plus fin que le centime")
    return -cents if sign == "-" else cents


def _parts(text: str, currency: str, mark: Mark | None) -> tuple[str, str, str, str]:
    """Sign, whole part, decimal mark and decimals of an amount that is dressed up."""
    sign, bare = _signed(_SPACES.sub(" ", text.strip().translate(_MINUSES)), currency)
    head, point, part = _split(bare, mark)
    if not _GROUPED.fullmatch(head) and not re.fullmatch("[0-9]{1,15}", head):
        raise UnreadableAmount("illisible")
    if point and not re.fullmatch("[0-9]{1,6}", part):
        raise UnreadableAmount("illisible")
    return sign, re.sub("[^0-9]", "", head), point, part


def _signed(text: str, currency: str) -> tuple[str, str]:
    """The sign, first, last or as parentheses, and the rest; two signs leave one that no figure takes."""
    text = _bare(text, currency)
    if text.startswith("(") and text.endswith(")"):
        return "-", _bare(text[1:-1], currency)
    if text[:1] in {"+", "-"}:
        return text[0], _bare(text[1:], currency)
    if text[-1:] in {"+", "-"}:
        return text[-1], _bare(text[:-1], currency)
    return "", text


def _bare(text: str, currency: str) -> str:
    for symbol in ("€", currency):
        text = text.strip().removeprefix(symbol).removesuffix(symbol)
    return text.strip()


def _split(text: str, mark: Mark | None) -> tuple[str, str, str]:
    """Whole part, mark, decimals: the last mark is the decimal one where it stands once and ends no group of three."""
    place = max(text.rfind(","), text.rfind("."))
    if place < 0:
        return text, "", ""
    point, head, part = text[place], text[:place], text[place + 1 :]
    if mark:
        return (head, point, part) if point == mark else (text, "", "") if mark not in text else (text, "?", "")
    if point in head:
        return text, "", ""
    other = "." if point == "," else ","
    if len(part) == 3 and other not in head and " " not in head and head.strip("0"):
        raise UnreadableAmount("ambigu (milliers ou décimales ?)")
    return head, point, part
