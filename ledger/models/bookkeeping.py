from django.db import models

from firms.keys import uuid7_key
from firms.models import Company


class VatRegime(models.TextChoices):
    NORMAL = "normal", "Réel normal"
    SIMPLIFIED = "simplified", "Réel simplifié"
    EXEMPT = "exempt", "Franchise en base"


class AccountingMode(models.TextChoices):
    ACCRUAL = "accrual", "Engagement"
    CASH = "cash", "Trésorerie"


class Bookkeeping(models.Model):
    """How the books of a company are kept: VAT regime, accounting mode, and until when they are closed."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="bookkeeping", verbose_name="dossier")
    vat_regime = models.CharField("régime de TVA", max_length=10, choices=VatRegime, default=VatRegime.NORMAL)
    accounting_mode = models.CharField("mode", max_length=10, choices=AccountingMode, default=AccountingMode.ACCRUAL)
    locked_until = models.DateField("clos jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "tenue comptable"
        verbose_name_plural = "tenues comptables"

    def __str__(self) -> str:
        return f"Tenue de {self.company}"
