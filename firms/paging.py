"""Pages by key, never by OFFSET: the thousandth page costs what the first does, and a new row shifts nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, Model, Q, QuerySet
from django.db.models.expressions import Combinable

SIZE = 50


@dataclass(frozen=True)
class KeyOrder:
    """A total order of rows: `expression` (never null), then id. `read` parses its text form (ValueError if none)."""

    expression: Combinable
    read: Callable[[str], Any]
    is_descending: bool = False

    def applied(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        minus = "-" if self.is_descending != backwards else ""
        return rows.annotate(page_key=self.expression).order_by(f"{minus}page_key", f"{minus}pk")

    def key_of(self, row: Model) -> str:
        """The place of a row that came through `applied`, for an URL."""
        return f"{row.page_key}~{row.pk}"  # type: ignore[attr-defined]

    def beyond(self, rows: QuerySet, key: str, *, backwards: bool = False) -> QuerySet:
        """The rows after `key` (before it, `backwards`), nearest first; all of them where it is no key."""
        ordered = self.applied(rows, backwards=backwards)
        place = self._parse(key)
        if place is None:
            return ordered
        value, pk = place
        side = "lt" if self.is_descending != backwards else "gt"
        further = Q(**{f"page_key__{side}": value}) | Q(**{f"pk__{side}": pk})
        return ordered.filter(further, **{f"page_key__{side}e": value})

    def _parse(self, key: str) -> tuple[Any, UUID] | None:
        text, _, pk = key.rpartition("~")
        try:
            return self.read(text), UUID(pk)
        except (ValueError, ArithmeticError):
            return None


@dataclass(frozen=True)
class KeyPage:
    """Rows with the keys of the pages beside them; an empty key where there is none."""

    rows: list
    before: str = ""
    after: str = ""


def key_page(rows: QuerySet, order: KeyOrder, *, after: str = "", before: str = "", size: int = SIZE) -> KeyPage:
    """The page of `rows` after one key, or before another: one query."""
    backwards = bool(before) and not after
    found = list(order.beyond(rows, after or before, backwards=backwards)[: size + 1])
    is_more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return KeyPage([])
    has_before, has_after = (is_more, True) if backwards else (bool(after), is_more)
    return KeyPage(shown, order.key_of(shown[0]) if has_before else "", order.key_of(shown[-1]) if has_after else "")


def capped_count(rows: QuerySet, limit: int) -> Func:
    """How many `rows`, counted no further than `limit`: a column for `values` or `annotate`."""
    return Func(
        ArraySubquery(rows.order_by().values("pk")[:limit]), function="CARDINALITY", output_field=IntegerField()
    )
