from datetime import datetime
from typing import Self

from django.db import models

from achats.models import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company


class FetchState(models.TextChoices):
    WAITING = "waiting", "En attente"
    FETCHED = "fetched", "Téléchargé"
    FAILED = "failed", "Échec"


class DocumentFetchQuerySet(models.QuerySet["DocumentFetch"]):
    def due(self, at: datetime) -> Self:
        return self.filter(state=FetchState.WAITING, next_attempt_at__lte=at)


class DocumentFetch(models.Model):
    """A document that Dext named by its address (`document_url`), until the worker has it or gives it up."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="document_fetches", verbose_name="dossier")
    invoice = models.ForeignKey(
        PurchaseInvoice, models.CASCADE, related_name="document_fetches", verbose_name="facture"
    )
    url = models.URLField("adresse", max_length=2000)
    state = models.CharField("état", max_length=10, choices=FetchState, default=FetchState.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai le", null=True, blank=True)
    error = models.CharField("défaut", max_length=200, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)

    objects = DocumentFetchQuerySet.as_manager()

    class Meta:
        verbose_name = "téléchargement de pièce"
        verbose_name_plural = "téléchargements de pièces"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "url"], name="document_fetch_once"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", next_attempt_at__isnull=False)
                | models.Q(~models.Q(state="waiting"), next_attempt_at=None),
                name="document_fetch_waits_for_its_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""), name="document_fetch_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="document_fetch_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.invoice}"
