from django.db import models

from firms.keys import uuid7_key
from firms.models import Company


class ReferenceVersions(models.Model):
    """The versions of a company's lists as they were when `reference.changed` was last looked for, by list."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    versions = models.JSONField("versions", default=dict)

    class Meta:
        verbose_name = "versions des listes"
        verbose_name_plural = "versions des listes"
        ordering = ["company"]

    def __str__(self) -> str:
        return f"Listes de {self.company}"
