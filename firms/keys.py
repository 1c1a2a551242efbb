"""The primary key of every row: a UUIDv7 that PostgreSQL makes (opaque outside, in order of creation inside)."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models.functions import UUID7


def uuid7_key() -> models.UUIDField:
    """A primary key filled by the database; known after INSERT … RETURNING."""
    return models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)


def first_key_at(moment: datetime) -> UUID:
    """The least key of version 7 that the database may have made at `moment`, to the millisecond."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)
