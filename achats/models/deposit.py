from typing import Self

from django.db import models
from django.db.models import Q

from achats.models.document import Document
from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company, User


class DepositQuerySet(models.QuerySet["Deposit"]):
    def waiting(self) -> Self:
        """Those of which no invoice was made yet."""
        return self.filter(invoice=None)


class Deposit(models.Model):
    """A document that a person dropped for a company, until an invoice is made of it: then `invoice` is that one."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="deposits", verbose_name="dossier")
    document = models.ForeignKey(Document, models.PROTECT, related_name="deposits", verbose_name="pièce")
    invoice = models.ForeignKey(
        PurchaseInvoice, models.CASCADE, null=True, blank=True, related_name="deposits", verbose_name="facture"
    )
    deposited_at = models.DateTimeField("déposée le")
    deposited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="déposée par")

    objects = DepositQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce déposée"
        verbose_name_plural = "pièces déposées"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "document"], condition=Q(invoice=None), name="deposit_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)
