from django.db import models
from django.db.models import Q

from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company
from ledger.models import JournalEntry


class PaymentEntry(models.Model):
    """In a company in trésorerie: the entry of one payment of a purchase, for the part that it paid.

    `cents` are of the purchase's currency, positive; those of one purchase never sum to more than its total.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="dossier")
    invoice = models.ForeignKey(
        PurchaseInvoice, models.PROTECT, related_name="payment_entries", verbose_name="facture d’achat"
    )
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="payment", verbose_name="écriture")
    cents = models.BigIntegerField("part réglée (centimes)")

    class Meta:
        verbose_name = "écriture de règlement"
        verbose_name_plural = "écritures de règlement"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(cents__gt=0), name="payment_entry_positive")]

    def __str__(self) -> str:
        return f"{self.invoice} · {self.entry_id}"
