from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company


class PublishBatch(models.Model):
    """A batch that came with an Idempotency-Key: what tells that it came before, and whose answers each item has."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="publish_batches", verbose_name="dossier")
    idempotency_key = models.CharField("clé d’idempotence", max_length=128, blank=True)
    body_sha256 = models.CharField("empreinte du corps", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    received_at = models.DateTimeField("reçu le")

    class Meta:
        verbose_name = "lot Dext"
        verbose_name_plural = "lots Dext"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="batch_idempotency_key_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.idempotency_key}"
