"""Filters that write numbers and dates in French, and the badges: `{% load french %}`."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import heroicons
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from firms import typography

register = template.Library()

CIRCLE = '<svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" '
CIRCLE += 'aria-hidden="true"><circle cx="8" cy="8" r="5"/>{}</svg>'
DRAWN = {
    "idle": CIRCLE.format(""),
    "ready": CIRCLE.format(""),
    "partial": CIRCLE.format('<path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" stroke="none"/>'),
}
ICONS = {
    "todo": "exclamation-triangle",
    "error": "exclamation-triangle",
    "hint": "sparkles",
    "done": "check",
    "mute": "minus",
}


@register.filter
def euros(amount: Decimal | None, currency: str = "EUR") -> str:
    """« 1 743,54 € »; another currency as the argument."""
    return typography.format_money(amount, currency)


@register.filter(name="amount")
def amount_filter(amount: Decimal | None) -> str:
    """« 1 743,54 », without the currency."""
    return typography.format_amount(amount)


@register.filter
def cents(value: int | None) -> Decimal | None:
    """Integer cents as a Decimal, for `|cents|euros`."""
    return None if value is None else Decimal(value).scaleb(-2)


@register.filter
def day(value: date | None) -> str:
    """« 19/08/2019 »."""
    return typography.format_day(value)


@register.filter
def long_day(value: date | None) -> str:
    """« 1er août 2019 »."""
    return typography.format_long_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """« 25/09/2019 14:32 », in the time of Paris."""
    return typography.NOTHING if value is None else f"{timezone.localtime(value):%d/%m/%Y %H:%M}"


@register.filter
def count(value: int, words: str = "") -> str:
    """`12|count:"facture,factures"` → « 12 factures »; zero is singular, as in French."""
    return typography.count_of(value, *words.split(",")) if words else typography.format_count(value)


@register.simple_tag
def sign(name: str) -> SafeString:
    """The shape of a state: todo ▲, error ▲, ready ○, partial ◐, hint ✦, done ✓, mute –."""
    return _sign(str(name))


@lru_cache
def _sign(name: str) -> SafeString:
    if name in DRAWN:
        return mark_safe(DRAWN[name])  # noqa: S308
    icon = heroicons._render_icon("micro", ICONS[name], 14, {"aria-hidden": "true"})
    return mark_safe(icon)  # noqa: S308


@register.simple_tag
def badge(name: str, words: object) -> SafeString:
    """`{% badge "todo" "Pas prêt" %}`: a shape and a word; filled only where somebody must act."""
    return format_html('<span class="badge {}">{} {}</span>', name, _sign(str(name)), words)
