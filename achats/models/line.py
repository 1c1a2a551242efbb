from django.db import models

from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company
from ledger.models import Account, VatCode


class Origin(models.TextChoices):
    """Who put an account or a VAT code on a line; only what a person or a line named can contradict the amount."""

    NAMED = "named", "Reçu"
    RULE = "rule", "Règle fournisseur"
    MARKER = "marker", "Marqueur"
    HAND = "hand", "Saisi"


class InvoiceLine(models.Model):
    """A part of a purchase with its account and VAT code; every purchase has at least one."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    invoice = models.ForeignKey(PurchaseInvoice, models.CASCADE, related_name="lines", verbose_name="facture")
    position = models.PositiveSmallIntegerField("rang")
    label = models.CharField("libellé", max_length=300, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte")
    account_origin = models.CharField("origine du compte", max_length=6, choices=Origin, blank=True)
    vat_code = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="code TVA"
    )
    vat_code_origin = models.CharField("origine du code TVA", max_length=6, choices=Origin, blank=True)
    net_amount = models.DecimalField("HT", max_digits=14, decimal_places=2, null=True, blank=True)
    vat_amount = models.DecimalField("TVA", max_digits=14, decimal_places=2, null=True, blank=True)
    gross_amount = models.DecimalField("TTC", max_digits=14, decimal_places=2)
    quantity = models.DecimalField("quantité", max_digits=14, decimal_places=4, null=True, blank=True)
    unit_price = models.DecimalField("prix unitaire", max_digits=16, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = "ligne"
        verbose_name_plural = "lignes"
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position"),
        ]

    def __str__(self) -> str:
        return self.label or f"Ligne {self.position}"
