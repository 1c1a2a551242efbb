"""A list is read page by page, each starting after the last row of the one before: never by offset."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

MOST = 200
USUAL = 100


class BadPage(Exception):
    """`limit` or `cursor` cannot be. `str()` is one French sentence."""


def read_page[Row: Model](
    rows: QuerySet[Row], parameters: Mapping[str, str], *, key: str = "id"
) -> tuple[list[Row], str | None]:
    """The rows after `cursor` in the order of `key` (unique), at most `limit`, and the next cursor. Raises BadPage."""
    limit, after = read_limit(parameters), _after(parameters.get("cursor"), key)
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    found = list(rows.order_by(key)[: limit + 1])
    page = found[:limit]
    return page, _cursor(getattr(page[-1], key)) if len(found) > limit else None


def read_limit(parameters: Mapping[str, str]) -> int:
    """How many rows are asked for. Raises BadPage."""
    text = parameters.get("limit")
    if not text:
        return USUAL
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise BadPage(f"«\u00a0limit\u00a0» vaut de 1 à {MOST}, «\u00a0{text[:40]}\u00a0» reçu.")
    return int(text)


def _cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def _after(cursor: str | None, key: str) -> Any:
    if not cursor:
        return None
    try:
        value = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        if "\x00" in value:
            raise ValueError("NUL")
        return UUID(value) if key == "id" else value
    except (binascii.Error, ValueError) as error:
        raise BadPage("«\u00a0cursor\u00a0» n’est pas de ceux que MEG donne\u00a0: reprendre sans curseur.") from error
