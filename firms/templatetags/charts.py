"""Bars as inline SVG: sizes are attributes and colours classes, so that the content security policy lets them be."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from firms.typography import format_money

register = template.Library()

BAR, GAP, HEIGHT, FOOT = 24, 9, 96, 18


@register.simple_tag
def bars(title: str, rows: Sequence[tuple[str, Decimal]], currency: str = "EUR") -> SafeString:
    """A bar for each (words, amount), the highest full; what is below zero has none. The table beside is the truth."""
    top = max((amount for _, amount in rows), default=Decimal(0)) or Decimal(1)
    drawn = format_html_join(
        "", _BAR, (_bar(place, words, amount, top, currency) for place, (words, amount) in enumerate(rows))
    )
    width = len(rows) * (BAR + GAP)
    return format_html(
        '<svg class="bars" role="img" viewBox="0 0 {} {}" width="{}" height="{}"><title>{}</title>{}</svg>',
        width,
        HEIGHT + FOOT,
        width,
        HEIGHT + FOOT,
        title,
        drawn,
    )


_BAR = (
    '<g><title>{} : {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="2"/>'
    '<text x="{}" y="{}" text-anchor="middle">{}</text></g>'
)


def _bar(place: int, words: str, amount: Decimal, top: Decimal, currency: str) -> tuple:
    height = max(int(HEIGHT * amount / top), 1 if amount > 0 else 0)
    left = place * (BAR + GAP) + GAP // 2
    return (
        words,
        format_money(amount, currency),
        left,
        HEIGHT - height,
        BAR,
        height,
        left + BAR // 2,
        HEIGHT + FOOT - 4,
        words,
    )
