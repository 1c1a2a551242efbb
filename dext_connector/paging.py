"""A list is read page by page, each starting after the last row of the one before: never by offset."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

MOST = 200
USUAL = 100


class BadPage(Exception):
    """`limit`, `cursor` or `updated_since` cannot be. `str()` is one French sentence."""


def asked_rows[Row: Model](
    rows: QuerySet[Row], parameters: Mapping[str, str], *, key: str = "id"
) -> tuple[QuerySet[Row], int]:
    """The rows after `cursor` in the order of `key` (unique), one more than `limit`, and the limit. Raises BadPage.

    `updated_since` leaves those whose `updated_at` is older out.
    """
    limit, after, since = (
        read_limit(parameters),
        _after(parameters.get("cursor"), key),
        _since(parameters.get("updated_since"), rows),
    )
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    if since is not None:
        rows = rows.filter(updated_at__gte=since)
    return rows.order_by(key)[: limit + 1], limit


def read_page[Row: Model](
    rows: QuerySet[Row], parameters: Mapping[str, str], *, key: str = "id"
) -> tuple[list[Row], str | None]:
    """The page that was asked for, and the cursor of the next. Raises BadPage."""
    asked, limit = asked_rows(rows, parameters, key=key)
    found = list(asked)
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


def _since(text: str | None, rows: QuerySet) -> datetime | None:
    """A day or a moment of ISO 8601, in UTC where it says no offset; a « + » that came as a space is one."""
    if not text:
        return None
    if not any(field.name == "updated_at" for field in rows.model._meta.fields):
        raise BadPage("«\u00a0updated_since\u00a0» ne sert pas pour cette liste\u00a0: la lire en entier.")
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadPage(
            f"«\u00a0updated_since\u00a0» est une date ISO 8601, «\u00a02019-09-25T14:00:00Z\u00a0»"
            f" par exemple, et non «\u00a0{text[:40]}\u00a0»."
        ) from error


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
