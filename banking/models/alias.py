from django.db import models

from achats.models import Supplier
from firms.keys import uuid7_key
from firms.models import Company


class AliasKind(models.TextChoices):
    LABEL = "label", "Libellé"
    CREDITOR = "creditor", "Créancier SEPA"


class BankAlias(models.Model):
    """That a bank's words, or a SEPA creditor identifier, meant a supplier, as often as people confirmed it."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="bank_aliases", verbose_name="dossier")
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="bank_aliases", verbose_name="fournisseur")
    kind = models.CharField("nature", max_length=10, choices=AliasKind)
    key = models.CharField("mots de la banque", max_length=200)
    times = models.PositiveIntegerField("fois", default=1)
    learnt_at = models.DateTimeField("appris le")

    class Meta:
        verbose_name = "alias bancaire"
        verbose_name_plural = "alias bancaires"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "key", "supplier"], name="bank_alias_once"),
        ]

    def __str__(self) -> str:
        return self.key
