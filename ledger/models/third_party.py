from django.db import models

from firms.keys import uuid7_key
from firms.models import Company
from ledger.models.account import Account


class ThirdPartyAccount(models.Model):
    """Whose part of a collective account a line is: « 401FRANP Franprix » under 40110000."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="third_parties", verbose_name="dossier")
    collective = models.ForeignKey(Account, models.PROTECT, related_name="third_parties", verbose_name="collectif")
    code = models.CharField("numéro", max_length=20)
    label = models.CharField("libellé", max_length=200)

    class Meta:
        verbose_name = "compte auxiliaire"
        verbose_name_plural = "comptes auxiliaires"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="third_party_unique_in_company")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
