from django.db import models
from django.db.models import Q

from achats.models.invoice import PurchaseInvoice
from firms.keys import uuid7_key
from firms.models import Company


class Document(models.Model):
    """A file that proves a purchase, kept once per content: « pièce justificative ».

    The bytes stand under `$MEG_DATA_DIR/documents` by `sha256`; the worker renders its pages (`page_count` is None
    until then, and stays so where `rendering_error` says why).
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="documents", verbose_name="dossier")
    sha256 = models.CharField("empreinte", max_length=64)
    media_type = models.CharField("type", max_length=60)
    filename = models.CharField("nom du fichier", max_length=200)
    size = models.PositiveIntegerField("taille (octets)")
    page_count = models.PositiveSmallIntegerField("pages", null=True, blank=True)
    rendering_error = models.CharField("défaut de lecture", max_length=200, blank=True)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)

    class Meta:
        verbose_name = "pièce justificative"
        verbose_name_plural = "pièces justificatives"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "sha256"], name="document_one_per_content"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_shape"),
        ]

    def __str__(self) -> str:
        return self.filename


class InvoiceDocument(models.Model):
    """A document joined to an invoice; the same file may prove several."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    invoice = models.ForeignKey(PurchaseInvoice, models.CASCADE, related_name="attachments", verbose_name="facture")
    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments", verbose_name="pièce")
    position = models.PositiveSmallIntegerField("rang", default=1)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "document"], name="invoice_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document} de {self.invoice}"
