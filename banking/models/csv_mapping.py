from django.db import models

from firms.keys import uuid7_key
from firms.models import Company, User


class CsvMapping(models.Model):
    """What the columns of one bank's CSV mean, said once; `mapping` is `ColumnMapping.as_json()`."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="csv_mappings", verbose_name="dossier")
    fingerprint = models.CharField("empreinte des colonnes", max_length=64)
    name = models.CharField("nom", max_length=80)
    mapping = models.JSONField("colonnes")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="dit par")
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "modèle de colonnes"
        verbose_name_plural = "modèles de colonnes"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "fingerprint"], name="csv_mapping_one_per_header"),
        ]

    def __str__(self) -> str:
        return self.name
