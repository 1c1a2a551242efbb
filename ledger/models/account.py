from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company
from ledger.models.vat import VatCode


class AccountQuerySet(models.QuerySet["Account"]):
    def for_purchases(self) -> Self:
        return self.filter(is_active=True, is_purchase_allowed=True)


class Account(models.Model):
    """An account of a company's chart (PCG), on eight characters: « 62570000 Réceptions »."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="accounts", verbose_name="dossier")
    code = models.CharField(
        "numéro",
        max_length=8,
        validators=[
            RegexValidator(r"^[0-9]{3}[0-9A-Z]{5}$", "Un compte porte huit caractères, dont trois chiffres d’abord.")
        ],
    )
    label = models.CharField("libellé", max_length=120)
    is_active = models.BooleanField("actif", default=True)
    is_purchase_allowed = models.BooleanField("ouvert aux achats", default=True)
    default_vat_code = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="code TVA par défaut"
    )
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="account_unique_in_company"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{3}[0-9A-Z]{5}$"), name="account_code_shape"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
