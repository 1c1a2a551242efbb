from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company, User


class PostingRun(models.Model):
    """Many purchases published at once by the worker, or such a run taken back (`undoes`).

    `asked` are their ids in order; each ends in `done` or in `refused`, which keeps its badge:
    `[{"id": "…", "badge": "Compte"}]`.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="posting_runs", verbose_name="dossier")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="annule"
    )
    asked = ArrayField(models.UUIDField(), verbose_name="factures demandées")
    done = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name="factures faites")
    refused = models.JSONField("factures laissées", default=list, blank=True)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="demandée par")
    finished_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "publication groupée"
        verbose_name_plural = "publications groupées"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(asked__len__gt=0), name="posting_run_asks_for_some")]
        indexes = [models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="posting_run_unfinished")]

    def __str__(self) -> str:
        return f"{len(self.asked)} factures"

    @property
    def handled(self) -> int:
        """How many ended, well or not."""
        return len(self.done) + len(self.refused)
