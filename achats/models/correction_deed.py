from django.db import models
from django.db.models import Q

from achats.models.correction_run import CorrectionRun
from firms.keys import uuid7_key
from firms.models import Company, User


class CorrectionDeed(models.Model):
    """What a person changed at once from the list, which can be taken back; a batch of a `run` where
    that was too much to wait for.

    `changes`, by the id of a purchase: `{"payment_method": [before, after], "lines": {id: {"account": [before, origin
    before, after]}}}`, ids or null.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    words = models.CharField("geste", max_length=300)
    changes = models.JSONField("modifications", default=dict)
    at = models.DateTimeField("fait le")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="fait par")
    run = models.ForeignKey(
        CorrectionRun, models.PROTECT, null=True, blank=True, related_name="deeds", verbose_name="changement groupé"
    )
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annulé par"
    )

    class Meta:
        verbose_name = "correction depuis la liste"
        verbose_name_plural = "corrections depuis la liste"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="correction_deed_undone_at_and_by",
            ),
        ]
        indexes = [models.Index(fields=["company", "by", "-id"], name="correction_deed_last")]

    def __str__(self) -> str:
        return self.words
