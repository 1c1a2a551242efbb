"""The primary key of every row: a UUIDv7 that PostgreSQL makes (opaque outside, in order of creation inside)."""

from django.db import models
from django.db.models.functions import UUID7


def uuid7_key() -> models.UUIDField:
    """A primary key filled by the database; known after INSERT … RETURNING."""
    return models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
