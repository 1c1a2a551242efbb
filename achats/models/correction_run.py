from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from achats.models.payment_method import PaymentMethod
from firms.keys import uuid7_key
from firms.models import Company, User
from ledger.models import Account, VatCode


class CorrectionRun(models.Model):
    """One thing changed on very many purchases by the worker, a batch at a time, or such a run taken back (`undoes`).

    `asked` are ids in order: of purchases, or, for an undo, of the deeds that the batches left; `handled` of them
    ended, the last at `advanced_at`. `changed` counts purchases, `refused` those that were left, by cause.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="annule"
    )
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte")
    vat_code = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="code TVA"
    )
    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="moyen de paiement"
    )
    asked = ArrayField(models.UUIDField(), verbose_name="demandées")
    handled = models.PositiveIntegerField("traitées", default=0)
    changed = models.PositiveIntegerField("factures changées", default=0)
    refused = models.JSONField("factures laissées", default=dict, blank=True)
    asked_at = models.DateTimeField("demandée le")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="demandée par")
    advanced_at = models.DateTimeField("avancé le", null=True, blank=True)
    finished_at = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "changement groupé"
        verbose_name_plural = "changements groupés"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(asked__len__gt=0), name="correction_run_asks_for_some")]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="correction_run_unfinished"),
            models.Index(fields=["company", "asked_by", "-id"], name="correction_run_last"),
        ]

    def __str__(self) -> str:
        return f"{len(self.asked)} factures"
