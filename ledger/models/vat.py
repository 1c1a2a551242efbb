from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from firms.keys import uuid7_key
from firms.models import Company


class VatKind(models.TextChoices):
    DEDUCTIBLE = "deductible", "Déductible"
    NON_DEDUCTIBLE = "non_deductible", "Non déductible"
    REVERSE_CHARGE = "reverse_charge", "Autoliquidation"
    INTRA_EU = "intra_eu", "Intracommunautaire"
    IMPORT = "import", "Importation"
    EXEMPT = "exempt", "Exonéré"
    NONE = "none", "Sans TVA"


class VatCodeQuerySet(models.QuerySet["VatCode"]):
    def active_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day), is_active=True
        )


class VatCode(models.Model):
    """A VAT treatment that a line may bear: a kind, a rate and the share that may be deducted, with their dates.

    `rate` is in percent (20.00), None where the code means none (a marker for mixed rates, « Sans TVA »).
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="vat_codes", verbose_name="dossier")
    code = models.CharField("code", max_length=20)
    label = models.CharField("libellé", max_length=80)
    kind = models.CharField("nature", max_length=15, choices=VatKind)
    rate = models.DecimalField("taux (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    deductible_percent = models.PositiveSmallIntegerField("part déductible (%)", default=100)
    may_be_marker = models.BooleanField("peut servir de marqueur TVA", default=False)
    may_be_no_vat = models.BooleanField("peut servir de « pas de TVA »", default=False)
    is_active = models.BooleanField("actif", default=True)
    valid_from = models.DateField("valable du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = VatCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code TVA"
        verbose_name_plural = "codes TVA"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="vat_code_unique_in_company"),
            models.CheckConstraint(condition=Q(deductible_percent__lte=100), name="vat_code_deductible_share"),
            models.CheckConstraint(condition=Q(rate=None) | Q(rate__gte=0, rate__lte=100), name="vat_code_rate"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="vat_code_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    def is_valid_on(self, day: date) -> bool:
        """Whether a document of `day` may bear this code."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
