from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

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

    def unanswered(self) -> Self:
        """The refusals and failures that somebody may have to act upon: nothing was published in their place since."""
        return self.filter(~_published_later(), fate__in=(Fate.REFUSED, Fate.FAILED))

    def with_what_followed(self) -> Self:
        """`is_overtaken`: the same Dext reference was published later, so that nobody needs to act."""
        return self.annotate(is_overtaken=_published_later())


def _published_later() -> Exists:
    same = InboxItem.objects.filter(company=OuterRef("company"), external_id=OuterRef("external_id"))
    return Exists(same.exclude(external_id="").filter(fate=Fate.CREATED, pk__gt=OuterRef("pk")))


class InboxItem(models.Model):
    """One publish that Dext sent, with its fate: « réception Dext ». Nothing is ever lost unseen.

    `payload` is the item as it came, unknown fields too (`raw_body` what could not be read as one); `answer` the body
    that MEG gave. `supplier_name`, `total` and `currency` are the payload's, however wrong it may be. `received_key`
    is the key that came, `idempotency_key` the one that this row answers. A refused publish keeps its document beside
    it (`dext_connector.receptions.kept_files`) while `is_document_kept`. The first answer of an item of a `batch`
    bears its `position`, from 0.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="inbox", verbose_name="dossier")
    external_id = models.CharField("réf. Dext", max_length=128, blank=True)
    idempotency_key = models.CharField("clé d’idempotence", max_length=128, blank=True)
    body_sha256 = models.CharField("empreinte du corps", max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")])
    received_key = models.CharField("clé reçue", max_length=128, blank=True)
    payload = models.JSONField("contenu", null=True, blank=True)
    raw_body = models.TextField("contenu illisible", blank=True)
    supplier_name = models.CharField("fournisseur", max_length=200, blank=True)
    total = models.DecimalField("total", max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField("devise", max_length=3, blank=True)
    document_name = models.CharField("pièce reçue", max_length=200, blank=True)
    document_size = models.PositiveIntegerField("taille de la pièce (octets)", null=True, blank=True)
    is_document_kept = models.BooleanField("pièce gardée avec la réception", default=False)
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
    duration_ms = models.PositiveIntegerField("durée (ms)", null=True, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    replayed_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replays", verbose_name="rejoue la réception"
    )
    moved_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_to", verbose_name="déplacée de la réception"
    )
    search_text = models.TextField("texte de recherche", blank=True, editable=False)

    is_overtaken: bool | None = None  # where `with_what_followed` was asked

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
            models.UniqueConstraint(
                fields=["replayed_from"], condition=Q(fate="created"), name="inbox_one_creation_per_replay"
            ),
            models.CheckConstraint(
                condition=Q(is_document_kept=False) | ~Q(document_name=""), name="inbox_kept_document_has_its_name"
            ),
            models.CheckConstraint(
                condition=Q(replayed_from=None, moved_from=None) | Q(fate="created"), name="inbox_resent_is_created"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="inbox_list"),
            models.Index(fields=["company", "fate", "-id"], name="inbox_tabs"),
            models.Index(fields=["company", "external_id"], name="inbox_by_external_id"),
            models.Index(fields=["received_at"], condition=Q(is_document_kept=True), name="inbox_kept_documents"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="inbox_search"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.get_fate_display()}"
