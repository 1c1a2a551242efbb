from django.db import models

from firms.keys import uuid7_key
from firms.models import Company


class JournalKind(models.TextChoices):
    PURCHASES = "purchases", "Achats"
    BANK = "bank", "Banque"
    MISCELLANEOUS = "misc", "Opérations diverses"


class Journal(models.Model):
    """Where entries of one nature stand: « AC Achats ». Its row is locked while an entry gets its number.

    `last_draft` is the greatest draft number given; a draft that was taken back leaves its own unused.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="journals", verbose_name="dossier")
    code = models.CharField("code", max_length=5)
    label = models.CharField("libellé", max_length=80)
    kind = models.CharField("nature", max_length=10, choices=JournalKind)
    last_draft = models.PositiveIntegerField("dernier n° de brouillard", default=0)

    class Meta:
        verbose_name = "journal"
        verbose_name_plural = "journaux"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="journal_unique_in_company")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
