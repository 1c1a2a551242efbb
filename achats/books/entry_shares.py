"""What of each line of a purchase is deducted VAT and what is charge, to the cent. Pure; integer cents.

The VAT of the document is the one received: it is shared out among the lines, never computed. A line that says its own
VAT keeps it; the others share the rest by what their rate would give, the cents left over going to the largest
remainders, the first line first. Where every line says its own and they miss the document's by a rounding, the line
with most VAT takes the difference. The deducted part of a line is its percent of its VAT rounded half up; what
remains of the line is its charge, so that charge and deducted VAT sum to its total.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A line: its total, its own VAT where it says one, the percent deducted of it, and how much VAT it attracts."""

    gross: int
    vat: int | None
    percent: int
    weight: int = 0


@dataclass(frozen=True)
class Share:
    """What a line brings to the books: `charge + deducted` is its total; `vat` is the part of the VAT received."""

    charge: int
    deducted: int
    vat: int


def shares_of(parts: Sequence[Part], *, vat: int | None) -> list[Share]:
    """One share for each part; their VAT sums to `vat`, where the document says one."""
    shares = []
    for part, own in zip(parts, vat_by_part(parts, vat=vat), strict=True):
        deducted = percent_of(own, part.percent)
        shares.append(Share(part.gross - deducted, deducted, own))
    return shares


def vat_by_part(parts: Sequence[Part], *, vat: int | None) -> list[int]:
    """The VAT of each part, its own or its share of what the document leaves."""
    known = sum(part.vat or 0 for part in parts)
    silent = [place for place, part in enumerate(parts) if part.vat is None]
    found = [part.vat or 0 for part in parts]
    rest = 0 if vat is None else vat - known
    if silent:
        for place, cents in zip(silent, spread(rest, [parts[place].weight for place in silent]), strict=True):
            found[place] = cents
    elif rest:
        found[max(range(len(parts)), key=lambda place: (abs(found[place]), -place))] += rest
    return found


def gap_of(parts: Sequence[Part], *, vat: int | None) -> int:
    """By how many cents the lines' own VAT contradicts the document's; what silent lines can take is no gap."""
    if vat is None:
        return 0
    rest = vat - sum(part.vat or 0 for part in parts)
    return min(rest, 0) if any(part.vat is None for part in parts) else rest


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` cents in proportion to `weights` (not negative; all zero counts as equal), by largest remainder."""
    if not any(weights):
        weights = [1] * len(weights)
    whole, sign = sum(weights), -1 if total < 0 else 1
    found = [abs(total) * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(abs(total) * weights[place] % whole), place))
    for place in by_remainder[: abs(total) - sum(found)]:
        found[place] += 1
    return [sign * cents for cents in found]


def percent_of(cents: int, percent: int) -> int:
    """Rounded half away from zero: 80 % of 0,03 is 0,02."""
    rounded = (abs(cents) * percent + 50) // 100
    return rounded if cents >= 0 else -rounded
