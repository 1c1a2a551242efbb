"""Amounts of bank files: whole minor units of their currency, and the French way to write them."""

from typing import Final

from firms.typography import MINUS, NBSP, SYMBOLS

# ISO 4217, minor units that are not hundredths.
_DECIMALS: Final = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
)
_DECIMALS.update(dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3))


def decimals_of(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for XPF (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


def rescale(units: int, declared: int, decimals: int) -> int | None:
    """`units` written with `declared` decimals, in units of `decimals` decimals; None where a part would be lost."""
    if declared <= decimals:
        return int(units * 10 ** (decimals - declared))
    quotient, rest = divmod(units, 10 ** (declared - decimals))
    return None if rest else quotient


def figures(cents: int, currency: str = "EUR") -> str:
    """« 1 250,00 », in XPF « 1 250 »: U+00A0 between thousands, U+2212 before a negative amount."""
    decimals = decimals_of(currency)
    whole, part = divmod(abs(cents), 10**decimals)
    grouped = f"{whole:,}".replace(",", NBSP)
    return (MINUS if cents < 0 else "") + grouped + (f",{part:0{decimals}d}" if decimals else "")


def in_words(cents: int, currency: str = "EUR") -> str:
    """« 0,10 € »."""
    return f"{figures(cents, currency)}{NBSP}{SYMBOLS.get(currency, currency)}"
