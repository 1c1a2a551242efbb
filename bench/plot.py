"""A plot of curves on two logarithmic axes, as SVG that is read on a light ground and on a dark one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, BELOW, ABOVE, RIGHT = 720, 420, 70, 50, 40, 24
COLOURS = ("#0f62ad", "#8a6d00")


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    points: Sequence[tuple[float, float]]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of ten from `low` to `high`, laid between two places."""

    low: int
    high: int
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(title: str, curves: Sequence[Curve]) -> str:
    """The curves, whose values are all above zero, under a title."""
    x = _scale([x for curve in curves for x, _ in curve.points], LEFT, WIDTH - RIGHT)
    y = _scale([y for curve in curves for _, y in curve.points], HEIGHT - BELOW, ABOVE)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    said = f'<text x="{LEFT}" y="24" font-size="16" fill="#1a1a1a">{escape(title)}</text>'
    drawn = (part for n, curve in enumerate(curves) for part in _curve(curve, n, x, y))
    return "\n".join([head, ground, said, *_grid(x, y), *drawn, "</svg>\n"])


def _scale(values: Sequence[float], start: float, end: float) -> _Scale:
    # A value just beyond a power of ten does not call for the next one.
    return _Scale(floor(log10(min(values))), ceil(log10(max(values)) - 0.05), start, end)


def _grid(x: _Scale, y: _Scale) -> Iterator[str]:
    for tick in x.ticks:
        place = x.at(tick)
        yield f'<path d="M{place:.1f} {y.start}V{y.end}" stroke="#d5d5d5"/>'
        yield f'<text x="{place:.1f}" y="{y.start + 20}" {_small()} text-anchor="middle">{tick:,.0f}</text>'
    for tick in y.ticks:
        place = y.at(tick)
        yield f'<path d="M{x.start} {place:.1f}H{x.end}" stroke="#d5d5d5"/>'
        yield f'<text x="{x.start - 8}" y="{place + 4:.1f}" {_small()} text-anchor="end">{tick:g}</text>'


def _curve(curve: Curve, number: int, x: _Scale, y: _Scale) -> Iterator[str]:
    colour = COLOURS[number % len(COLOURS)]
    places = [(x.at(across), y.at(up)) for across, up in curve.points]
    points = " ".join(f"{across:.1f},{up:.1f}" for across, up in places)
    dashes = ' stroke-dasharray="6 5"' if curve.is_dashed else ""
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
    if not curve.is_dashed:
        yield from (f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{colour}"/>' for across, up in places)
    at = f'x="{LEFT + 16}" y="{ABOVE + 24 + 20 * number}"'
    yield f'<text {at} font-size="13" fill="{colour}">{escape(curve.name)}</text>'


def _small() -> str:
    return 'font-size="12" fill="#4a4a4a"'
