from django.db import models
from django.db.models import Q

from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company, User


class InvoiceComment(models.Model):
    """What a person of the firm said about a purchase; Dext's own words are the note."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    invoice = models.ForeignKey(PurchaseInvoice, models.CASCADE, related_name="comments", verbose_name="facture")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")
    text = models.TextField("commentaire", max_length=2_000)

    class Meta:
        verbose_name = "commentaire"
        verbose_name_plural = "commentaires"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="invoice_comment_says_something")]

    def __str__(self) -> str:
        return f"{self.by} : {self.text[:60]}"
