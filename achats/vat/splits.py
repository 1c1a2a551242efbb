"""In which parts a document may mix VAT rates, so that its total and its VAT stay to the cent. Pure; integer cents.

A pair of rates and a total leave many splits, for each part is rounded by itself: with 2,1 % and 5,5 %, up to some
sixty neighbours give the same VAT. One stands for its pair: the two equations (net₁ + net₂ = net, rate₁ × net₁ +
rate₂ × net₂ = VAT) have one exact solution, and the nearest whole cents whose VATs, rounded, sum to the VAT received
are taken. The search goes as far from the exact solution as rounding can carry, so that a receipt which truly mixes
two rates always finds its pair.

Each VAT is rate × net rounded half up; where no such split sums, the rounding of tills, which take the VAT out of a
price that includes it (gross × rate ÷ (1 + rate)), is accepted too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Self

SCALE = 10_000  # a rate is counted in hundredths of a percent: 5,5 % is 550
MOST_CENTS = 10**14


@dataclass(frozen=True, order=True)
class Part:
    """A part at one rate: `rate` in hundredths of a percent, amounts in cents."""

    rate: int
    net: int
    vat: int

    @property
    def gross(self) -> int:
        return self.net + self.vat


@dataclass(frozen=True)
class Split:
    """A document in parts, the lowest rate first."""

    parts: tuple[Part, ...]
    is_printed: bool = False

    @classmethod
    def of(cls, *parts: Part, is_printed: bool = False) -> Self:
        return cls(tuple(sorted(parts)), is_printed)

    @property
    def rates(self) -> tuple[int, ...]:
        return tuple(part.rate for part in self.parts)


def splits_of(*, gross: int, vat: int, rates: Sequence[int]) -> list[Split]:
    """One split for each pair of `rates` that gives exactly `vat` on `gross`; a zero rate is the exempt part."""
    pairs = combinations(sorted(set(rates)), 2)
    found = (_split(net=gross - vat, vat=vat, low=low, high=high) for low, high in pairs)
    return [split for split in found if split]


def printed_split(breakdown: Sequence[Mapping[str, str]], *, gross: int, vat: int) -> Split | None:
    """The table printed on the document (`[{"rate": "5.50", "base": "2.90", "amount": "0.16"}]`), where it holds.

    It must have two rates or more, each amount that of its rate (to two cents or 1 %: tills round by article), and sum
    to the document; what it leaves of the total is the exempt part. None where it does not.
    """
    parts = [_printed_part(row) for row in breakdown]
    known = [part for part in parts if part]
    rest = gross - sum(part.gross for part in known)
    if rest > 0 and 0 not in {part.rate for part in known}:
        known.append(Part(0, rest, 0))
    split = Split.of(*known, is_printed=True)
    holds = sum(part.gross for part in known) == gross and sum(part.vat for part in known) == vat
    return split if holds and None not in parts and 1 < len(known) == len(set(split.rates)) else None


def cents_of(amount: Decimal) -> int:
    """5.76 → 576."""
    return int((amount * 100).to_integral_value())


def _split(*, net: int, vat: int, low: int, high: int) -> Split | None:
    """The nearest to the exact solution, rounded from the net before rounded from the gross."""
    ways = list(_ways(net=net, vat=vat, low=low, high=high))
    if not ways:
        return None
    _, _, one, other = min(ways)
    return Split.of(one, other)


def _ways(*, net: int, vat: int, low: int, high: int) -> Iterator[tuple[bool, int, Part, Part]]:
    """(rounded as tills do, distance from the exact solution, part at `low`, part at `high`)."""
    exact = high * net - SCALE * vat  # what the part at `low` would be, times `high - low`
    reach = -(-(SCALE + (low + high) // 2) // (high - low)) + 1
    start = min(max(exact // (high - low), 1), net - 1)
    for at_low in range(max(1, start - reach), min(net - 1, start + reach + 1) + 1):
        at_high, distance = net - at_low, abs(at_low * (high - low) - exact)
        for vat_low in {low * at_low // SCALE, -(-low * at_low // SCALE)}:
            one, other = Part(low, at_low, vat_low), Part(high, at_high, vat - vat_low)
            if _is_rounded_from_gross(one) and _is_rounded_from_gross(other):
                by_till = not (_is_rounded_from_net(one) and _is_rounded_from_net(other))
                yield by_till, distance, one, other


def _is_rounded_from_net(part: Part) -> bool:
    return part.vat == (2 * part.rate * part.net + SCALE) // (2 * SCALE)


def _is_rounded_from_gross(part: Part) -> bool:
    """Whether a till may write it: half a cent around gross × rate ÷ (1 + rate), which holds what the net gives.

    Below a cent of VAT nothing tells a part at a rate from an exempt one: it is none.
    """
    if part.rate == 0 or part.vat < 1:
        return part.rate == part.vat == 0
    return abs(2 * (SCALE * part.vat - part.rate * part.net)) <= SCALE + part.rate


def _printed_part(row: Mapping[str, str]) -> Part | None:
    try:
        rate, base, amount = (Decimal(row[key]) for key in ("rate", "base", "amount"))
        part = Part(cents_of(rate), cents_of(base), cents_of(amount))
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
    expected = part.rate * part.net
    holds = abs(SCALE * part.vat - expected) <= max(2 * SCALE, expected // 100) and (part.vat > 0) == (part.rate > 0)
    return part if holds and 0 < part.net <= MOST_CENTS else None
