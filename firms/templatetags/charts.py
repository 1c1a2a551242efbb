"""Small charts as SVG, by attributes alone (the CSP refuses a style), their table beside: `{% load charts %}`."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

HEIGHT, WIDTH, GAP = 96, 28, 8
LONGEST = 64


@register.simple_tag
def columns(title: str, bars: Sequence[tuple[str, str, Decimal, str]]) -> SafeString:
    """One upright bar for each (foot, name, amount, amount in words), below the line where negative."""
    most = max((abs(amount) for _, _, amount, _ in bars), default=Decimal(0)) or Decimal(1)
    has_negative = any(amount < 0 for _, _, amount, _ in bars)
    foot = HEIGHT if not has_negative else HEIGHT // 2
    drawn = format_html_join("", "{}", ((_column(place, foot, most, *bar),) for place, bar in enumerate(bars)))
    width = len(bars) * (WIDTH + GAP)
    return format_html(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" width="{}" height="{}"><title>{}</title>'
        '<line x1="0" x2="{}" y1="{}" y2="{}" class="axis"/>{}</svg>',
        *(width, HEIGHT + 18, width, HEIGHT + 18, title, width, foot, foot, drawn),
    )


def _column(place: int, foot: int, most: Decimal, short: str, name: str, amount: Decimal, words: str) -> SafeString:
    tall = round(abs(amount) / most * (foot - 4))
    left = place * (WIDTH + GAP) + GAP // 2
    return format_html(
        '<g><title>{} : {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2" class="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        *(name, words, left, foot - tall if amount >= 0 else foot, WIDTH, tall, "bar" if amount >= 0 else "bar minus"),
        *(left + WIDTH // 2, HEIGHT + 14, short),
    )


@register.simple_tag
def bar(amount: Decimal, most: Decimal) -> SafeString:
    """A lying bar for a cell of the table that says the amount itself: nothing more to be read aloud."""
    long = round(abs(amount) / most * LONGEST) if most else 0
    return format_html(
        '<svg class="chart" aria-hidden="true" width="{}" height="12">'
        '<rect width="{}" height="12" rx="2" class="{}"/></svg>',
        *(LONGEST, max(long, 1), "bar" if amount >= 0 else "bar minus"),
    )
