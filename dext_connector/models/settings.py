from django.db import models

from firms.keys import uuid7_key
from firms.models import Company, Firm
from ledger.models import VatCode


class Destination(models.TextChoices):
    ACHATS = "achats", "Achats"


class IntegrationSettings(models.Model):
    """The five settings of a company's integration, in Dext's words: « Paramétrer l’intégration »."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="integration_settings", verbose_name="dossier")
    publish_destination = models.CharField("Publier par défaut dans", max_length=10, choices=Destination, blank=True)
    vat_by_line = models.BooleanField("Afficher le taux de TVA par éléments", default=True)
    use_supplier_vat_rate = models.BooleanField("Utiliser le taux de TVA fournisseur", default=False)
    vat_marker = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Marqueur TVA"
    )
    no_vat_marker = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Pas de TVA par défaut"
    )
    updated_at = models.DateTimeField("modifiés le", auto_now=True)

    class Meta:
        verbose_name = "paramètres de l’intégration"
        verbose_name_plural = "paramètres de l’intégration"
        ordering = ["company"]

    def __str__(self) -> str:
        return f"Paramètres Dext · {self.company}"


class FirmIntegrationDefaults(models.Model):
    """« Paramètres du Compte Automatisés »: what a company created afterwards starts with; VAT codes kept by code."""

    id = uuid7_key()
    firm = models.OneToOneField(Firm, models.CASCADE, related_name="integration_defaults", verbose_name="cabinet")
    publish_destination = models.CharField(
        "Publier par défaut dans", max_length=10, choices=Destination, blank=True, default=Destination.ACHATS
    )
    vat_by_line = models.BooleanField("Afficher le taux de TVA par éléments", default=True)
    use_supplier_vat_rate = models.BooleanField("Utiliser le taux de TVA fournisseur", default=False)
    vat_marker_code = models.CharField("Marqueur TVA", max_length=20, blank=True)
    no_vat_marker_code = models.CharField("Pas de TVA par défaut", max_length=20, blank=True)
    updated_at = models.DateTimeField("modifiés le", auto_now=True)

    class Meta:
        verbose_name = "paramètres du compte automatisés"
        verbose_name_plural = "paramètres du compte automatisés"
        ordering = ["firm"]

    def __str__(self) -> str:
        return f"Paramètres automatisés · {self.firm}"
