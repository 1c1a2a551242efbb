from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from achats.models.payment_method import PaymentMethod
from firms.folding import fold
from firms.keys import uuid7_key
from firms.models import Company
from ledger.models import Account, VatCode

LONGEST_DELAY = 365


def folded_supplier_name(name: str) -> str:
    """What two spellings of a supplier's name share; a name without Latin letters or digits stays itself."""
    return (fold(name) or name.strip().casefold())[:200]


class Supplier(models.Model):
    """Who sells to the company. Two may bear the same name: then a person chooses."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="suppliers", verbose_name="dossier")
    name = models.CharField("nom", max_length=200)
    folded_name = models.CharField("nom replié", max_length=200, editable=False)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    vat_number = models.CharField("n° TVA", max_length=20, blank=True)
    ledger_code = models.CharField("compte auxiliaire", max_length=20, blank=True)
    is_active = models.BooleanField("actif", default=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "fournisseur"
        verbose_name_plural = "fournisseurs"
        ordering = ["folded_name"]
        indexes = [
            models.Index(fields=["company", "folded_name"], name="supplier_by_name"),
            models.Index(fields=["company", "siren"], name="supplier_by_siren"),
            GinIndex(fields=["folded_name"], opclasses=["gin_trgm_ops"], name="supplier_search"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **options) -> None:
        """Keep `folded_name` the fold of `name`."""
        self.folded_name = folded_supplier_name(self.name)
        if (fields := options.get("update_fields")) is not None and "name" in fields:
            options["update_fields"] = {*fields, "folded_name"}
        super().save(**options)


class SupplierAlias(models.Model):
    """Another name under which a supplier's purchases come; it leads to that supplier alone."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="supplier_aliases", verbose_name="dossier")
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="aliases", verbose_name="fournisseur")
    name = models.CharField("autre nom", max_length=200)
    folded_name = models.CharField("autre nom replié", max_length=200, editable=False)

    class Meta:
        verbose_name = "autre nom du fournisseur"
        verbose_name_plural = "autres noms des fournisseurs"
        ordering = ["supplier", "folded_name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "folded_name"], name="supplier_alias_unique_in_company"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierRule(models.Model):
    """What a supplier's purchases bear unless they say otherwise: « règle fournisseur »."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="supplier_rules", verbose_name="dossier")
    supplier = models.OneToOneField(Supplier, models.CASCADE, related_name="rule", verbose_name="fournisseur")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte")
    vat_code = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="code TVA"
    )
    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="moyen de paiement"
    )
    due_days = models.PositiveSmallIntegerField("délai de règlement (jours)", null=True, blank=True)
    description = models.CharField("description", max_length=200, blank=True)
    is_paid = models.BooleanField("payé d’avance", default=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "règle fournisseur"
        verbose_name_plural = "règles fournisseur"
        ordering = ["supplier"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_days=None) | Q(due_days__lte=LONGEST_DELAY), name="supplier_rule_due_days"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False)
                | Q(vat_code__isnull=False)
                | Q(payment_method__isnull=False)
                | Q(due_days__isnull=False)
                | ~Q(description="")
                | Q(is_paid=True),
                name="supplier_rule_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"Règle de {self.supplier}"
