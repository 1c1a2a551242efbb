"""The 05 records of CFONB 120: a qualifier at 46–48 and 70 characters that it names (CFONB v2.0)."""

import re
from collections.abc import Sequence
from typing import Final

from banking.statements.money import decimals_of, figures, rescale
from banking.statements.statement import Complements, one_line, pieces

_ORIGINAL: Final = re.compile(r"([A-Z]{3})([0-9])([0-9]{14})")
_CREDITOR: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{3}[0-9A-Z]{1,28}")
_NONE: Final = {"NOTPROVIDED", "NOT PROVIDED"}


def read_complements(label: str, additions: Sequence[str], *, reference: str = "") -> tuple[Complements, str]:
    """What the 05 of one movement say, and the full text. `additions` are positions 41–118 of each.

    An unknown or blank qualifier is free text; so is a whole 05 of the old layout, where text starts at 41.
    """
    parts = [_split(addition) for addition in additions]
    named = _by_qualifier(parts)
    currency, cents = _original(named)
    remittance = [text for name in ("LCC", "LC2", "LCS") for text in named.get(name, [])]
    complements = Complements(
        payer=_first(named, "NPY", "NPO"),
        beneficiary=_first(named, "NBE", "NBU"),
        remittance=one_line(" ".join(remittance)),
        mandate=_first(named, "RUM", width=35),
        creditor_identifier=_creditor(named),
        original_currency=currency,
        original_cents=cents,
        reference=_reference(named) or reference,
    )
    return complements, pieces([label, *(_shown(name, text) for name, text in parts), reference])


def _by_qualifier(parts: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for qualifier, text in parts:
        named.setdefault(qualifier, []).append(text)
    return named


def _split(addition: str) -> tuple[str, str]:
    if addition[:5].strip():
        return "LIB", addition
    return addition[5:8], addition[8:]


def _first(named: dict[str, list[str]], *qualifiers: str, width: int = 70) -> str:
    texts = (one_line(text[:width]) for name in qualifiers for text in named.get(name, []))
    return next((text for text in texts if text and text not in _NONE), "")


def _creditor(named: dict[str, list[str]]) -> str:
    """The SEPA creditor identifier (FRkkZZZnnnnnn) among the identifiers of beneficiary and payer."""
    words = [text[:35].replace(" ", "").upper() for name in ("IBE", "IPY") for text in named.get(name, [])]
    return next((word for word in words if _CREDITOR.fullmatch(word)), "")


def _reference(named: dict[str, list[str]]) -> str:
    """The client's own reference (RCN, first half), else the operation's (REF, second half, else first)."""
    halves = [text[:35] for text in named.get("RCN", [])]
    halves += [half for text in named.get("REF", []) for half in (text[35:70], text[:35])]
    return next((half.strip() for half in halves if half.strip() and half.strip() not in _NONE), "")


def _original(named: dict[str, list[str]]) -> tuple[str, int | None]:
    """MMO: currency, decimals, 14 digits without sign → (currency, minor units)."""
    for text in named.get("MMO", []):
        if found := _ORIGINAL.match(text):
            currency, declared, digits = found.groups()
            cents = rescale(int(digits), int(declared), decimals_of(currency))
            if cents is not None:
                return currency, cents
    return "", None


def _shown(qualifier: str, text: str) -> str:
    if qualifier == "MMO":
        currency, cents = _original({"MMO": [text]})
        return one_line(text) if cents is None else f"{figures(cents, currency)} {currency}"
    return one_line(text)
