from collections.abc import Sequence
from typing import Self

from django.db import models

from firms.keys import uuid7_key


class Firm(models.Model):
    """An accounting firm: the outermost wall between tenants."""

    id = uuid7_key()
    code = models.SlugField("code", max_length=20, unique=True)
    name = models.CharField("nom", max_length=120)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    # What the asking user is in it, and his other firms, where `access.membership_for` found it.
    role: str | None = None
    others: Sequence[Self] = ()
    entrusts_some: bool = False  # whether some of its companies are the asking user's own work

    class Meta:
        verbose_name = "cabinet"
        verbose_name_plural = "cabinets"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
