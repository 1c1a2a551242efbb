from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from achats.models import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company, Firm, User
from ledger.models import VatCode


class Destination(models.TextChoices):
    ACHATS = "achats", "Achats"


class DextConnection(models.Model):
    """That a company is connected to Dext, since when and until when; opened by its first login, consent or publish."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="dext_connection", verbose_name="dossier")
    connected_at = models.DateTimeField("connecté le")
    connected_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="connecté par")
    expires_at = models.DateTimeField("expire le")
    activated_at = models.DateTimeField("activé le", null=True, blank=True)
    activated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="activé par"
    )
    disconnected_at = models.DateTimeField("déconnecté le", null=True, blank=True)
    disconnected_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déconnecté par"
    )

    class Meta:
        verbose_name = "connexion Dext"
        verbose_name_plural = "connexions Dext"
        ordering = ["company"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activated_at=None, activated_by=None)
                | Q(activated_at__isnull=False, activated_by__isnull=False),
                name="connection_activated_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(disconnected_at=None, disconnected_by=None)
                | Q(disconnected_at__isnull=False, disconnected_by__isnull=False),
                name="connection_disconnected_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"Dext · {self.company}"


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


class Fate(models.TextChoices):
    CREATED = "created", "Créée"
    REPLAYED = "replayed", "Rejouée"
    REFUSED = "refused", "Refusée"
    FAILED = "failed", "Échec"


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def for_company(self, company: Company) -> Self:
        return self.filter(company=company)

    def answering(self) -> Self:
        """The receptions whose answer is given again to the same idempotency key."""
        return self.filter(fate__in=(Fate.CREATED, Fate.REFUSED)).exclude(idempotency_key="")


class InboxItem(models.Model):
    """One publish that Dext sent, with its fate: « réception Dext ». Nothing is ever lost unseen.

    `payload` is the item as it came, unknown fields too; `answer` the body that MEG gave.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="inbox", verbose_name="dossier")
    external_id = models.CharField("réf. Dext", max_length=128, blank=True)
    idempotency_key = models.CharField("clé d’idempotence", max_length=128, blank=True)
    body_sha256 = models.CharField("empreinte du corps", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    payload = models.JSONField("contenu", null=True, blank=True)
    fate = models.CharField("sort", max_length=10, choices=Fate)
    http_status = models.PositiveSmallIntegerField("statut HTTP")
    answer = models.JSONField("réponse", default=dict)
    invoice = models.ForeignKey(
        PurchaseInvoice, models.PROTECT, null=True, blank=True, related_name="inbox", verbose_name="facture"
    )
    request_id = models.CharField("référence de la requête", max_length=40, blank=True)
    received_at = models.DateTimeField("reçue le")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        verbose_name = "réception Dext"
        verbose_name_plural = "réceptions Dext"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(fate="created") | Q(invoice__isnull=False), name="inbox_created_has_invoice"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(fate="created"), name="inbox_one_creation_per_invoice"
            ),
            models.UniqueConstraint(
                fields=["company", "idempotency_key"],
                condition=Q(fate__in=["created", "refused"]) & ~Q(idempotency_key=""),
                name="inbox_idempotency_key_once",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="inbox_list"),
            models.Index(fields=["company", "external_id"], name="inbox_by_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.get_fate_display()}"
