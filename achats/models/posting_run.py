from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company, User


class PostingRun(models.Model):
    """Many purchases published at once by the worker, or such a run taken back (`undoes`).

    `asked` are their ids in order, `total` of them; `handled` ended, the last at `advanced_at`. `changed` counts those
    published or taken back, `refused` those that were left, by badge.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="posting_runs", verbose_name="dossier")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="annule"
    )
    asked = ArrayField(models.UUIDField(), verbose_name="factures demandées")
    total = models.PositiveIntegerField("nombre demandé", default=0)
    handled = models.PositiveIntegerField("traitées", default=0)
    changed = models.PositiveIntegerField("factures faites", default=0)
    refused = models.JSONField("factures laissées", default=dict, blank=True)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="demandée par")
    advanced_at = models.DateTimeField("avancée le", null=True, blank=True)
    finished_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "publication groupée"
        verbose_name_plural = "publications groupées"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(asked__len__gt=0), name="posting_run_asks_for_some"),
            models.CheckConstraint(condition=Q(handled__lte=F("total")), name="posting_run_handles_no_more_than_asked"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="posting_run_unfinished")]

    def __str__(self) -> str:
        return f"{self.total} factures"


class PostedInRun(models.Model):
    """A purchase that a run published: what its undo takes back, and nothing else."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    run = models.ForeignKey(PostingRun, models.CASCADE, related_name="posted", verbose_name="publication groupée")
    invoice = models.ForeignKey(PurchaseInvoice, models.CASCADE, related_name="+", verbose_name="facture")

    class Meta:
        verbose_name = "facture publiée en groupe"
        verbose_name_plural = "factures publiées en groupe"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "invoice"], name="posted_in_run_once")]

    def __str__(self) -> str:
        return str(self.invoice)
