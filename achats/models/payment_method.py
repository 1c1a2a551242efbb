from django.db import models

from firms.keys import uuid7_key
from firms.models import Company
from ledger.models import Account


class MethodKind(models.TextChoices):
    CARD = "card", "Carte"
    DEFERRED_CARD = "deferred_card", "Carte à débit différé"
    TRANSFER = "transfer", "Virement"
    DEBIT = "debit", "Prélèvement"
    CHEQUE = "cheque", "Chèque"
    CASH = "cash", "Espèces"
    PERSONAL = "personal", "Personnel"


class PaymentMethod(models.Model):
    """How a purchase was or will be paid, as Dext names it: « Paiement Pro (1234) ».

    A personal one leads to the person's account (421, 455, 108 or 467); the others to a bank account, from `banking`.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="payment_methods", verbose_name="dossier")
    label = models.CharField("libellé", max_length=80)
    kind = models.CharField("nature", max_length=15, choices=MethodKind)
    last_four = models.CharField("quatre derniers chiffres", max_length=4, blank=True)
    person_name = models.CharField("personne", max_length=120, blank=True)
    person_email = models.EmailField("adresse de la personne", blank=True)
    person_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte de la personne"
    )
    is_active = models.BooleanField("actif", default=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "moyen de paiement"
        verbose_name_plural = "moyens de paiement"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["company", "label"], name="payment_method_unique_in_company"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_off_bank(self) -> bool:
        """Cash and a person's own money never show on a bank statement of the company."""
        return self.kind in {MethodKind.CASH, MethodKind.PERSONAL}
