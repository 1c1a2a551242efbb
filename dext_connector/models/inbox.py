from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from achats.models import PurchaseInvoice
from dext_connector.models.batch import PublishBatch
from firms.keys import uuid7_key
from firms.models import Company, User


class Fate(models.TextChoices):
    CREATED = "created", "Créée"
    REPUBLISHED = "republished", "Republiée"
    REPLAYED = "replayed", "Rejouée"
    REFUSED = "refused", "Refusée"
    FAILED = "failed", "Échec"


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def for_company(self, company: Company) -> Self:
        return self.filter(company=company)

    def answering(self) -> Self:
        """The receptions whose answer is given again to the same idempotency key."""
        return self.filter(fate__in=(Fate.CREATED, Fate.REPUBLISHED, Fate.REFUSED)).exclude(idempotency_key="")


class InboxItem(models.Model):
    """One publish that Dext sent, with its fate: « réception Dext ». Nothing is ever lost unseen.

    `payload` is the item as it came, unknown fields too; `answer` the body that MEG gave. The first answer of an item
    of a `batch` bears its `position`, from 0.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="inbox", verbose_name="dossier")
    external_id = models.CharField("réf. Dext", max_length=128, blank=True)
    idempotency_key = models.CharField("clé d’idempotence", max_length=128, blank=True)
    body_sha256 = models.CharField("empreinte du corps", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    payload = models.JSONField("contenu", null=True, blank=True)
    fate = models.CharField("sort", max_length=12, choices=Fate)
    http_status = models.PositiveSmallIntegerField("statut HTTP")
    answer = models.JSONField("réponse", default=dict)
    invoice = models.ForeignKey(
        PurchaseInvoice, models.PROTECT, null=True, blank=True, related_name="inbox", verbose_name="facture"
    )
    batch = models.ForeignKey(
        PublishBatch, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name="lot"
    )
    position = models.PositiveSmallIntegerField("rang dans le lot", null=True, blank=True)
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
                condition=~Q(fate__in=["created", "republished"]) | Q(invoice__isnull=False),
                name="inbox_created_has_invoice",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(fate="created"), name="inbox_one_creation_per_invoice"
            ),
            models.UniqueConstraint(
                fields=["company", "idempotency_key"],
                condition=Q(fate__in=["created", "republished", "refused"]) & ~Q(idempotency_key=""),
                name="inbox_idempotency_key_once",
            ),
            models.CheckConstraint(
                condition=Q(batch=None, position=None) | Q(batch__isnull=False, position__isnull=False),
                name="inbox_batch_and_position",
            ),
            models.UniqueConstraint(
                fields=["batch", "position"], condition=Q(batch__isnull=False), name="inbox_one_answer_per_position"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="inbox_list"),
            models.Index(fields=["company", "external_id"], name="inbox_by_external_id"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.get_fate_display()}"
