from decimal import Decimal, InvalidOperation

from django.db import models
from django.db.models import Q

from achats.models import PurchaseInvoice
from dext_connector.models.inbox import InboxItem
from firms.keys import uuid7_key
from firms.models import Company, User
from firms.typography import format_amount


class ExportState(models.TextChoices):
    LOOKED_AT = "looked_at", "À confirmer"
    RUNNING = "running", "En cours"
    FINISHED = "finished", "Terminé"


class DateOrder(models.TextChoices):
    DMY = "dmy", "Le jour, puis le mois (25/09/2019)"
    MDY = "mdy", "Le mois, puis le jour (09/25/2019)"


class Outcome(models.TextChoices):
    """What came of a row: the words of its reception but for what was there already."""

    CREATED = "created", "Créée"
    KNOWN = "known", "Déjà là"
    REFUSED = "refused", "Refusée"
    FAILED = "failed", "Échec"


class ExportImport(models.Model):
    """One export of Dext that somebody brought; its file is kept until every row has its outcome."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="export_imports", verbose_name="dossier")
    filename = models.CharField("fichier", max_length=200)
    file = models.FileField("export gardé", upload_to="exports", max_length=120, blank=True)
    date_order = models.CharField("ordre des dates", max_length=3, choices=DateOrder, blank=True)
    row_count = models.PositiveIntegerField("lignes")
    loose_files = models.PositiveIntegerField("pièces sans ligne", default=0)
    state = models.CharField("état", max_length=10, choices=ExportState, default=ExportState.LOOKED_AT)
    brought_at = models.DateTimeField("apporté le")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "import d’un export Dext"
        verbose_name_plural = "imports d’exports Dext"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False) | (~Q(state="finished") & Q(finished_at=None)),
                name="export_import_finished_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | (~Q(date_order="") & ~Q(file="")), name="export_import_running_has_all"
            ),
            models.CheckConstraint(condition=Q(loose_files__gte=0, row_count__gte=1), name="export_import_has_rows"),
        ]

    def __str__(self) -> str:
        return self.filename


class ExportRow(models.Model):
    """What came of one row of an export, once: `position` is its line in the CSV."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    export = models.ForeignKey(ExportImport, models.CASCADE, related_name="rows", verbose_name="import")
    position = models.PositiveIntegerField("ligne")
    external_id = models.CharField("réf. Dext", max_length=128, blank=True)
    supplier_name = models.CharField("fournisseur", max_length=200, blank=True)
    total = models.CharField("total reçu", max_length=40, blank=True)
    outcome = models.CharField("sort", max_length=10, choices=Outcome)
    message = models.TextField("message", blank=True)
    reception = models.OneToOneField(
        InboxItem, models.PROTECT, null=True, blank=True, related_name="export_row", verbose_name="réception"
    )
    invoice = models.ForeignKey(
        PurchaseInvoice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="facture"
    )

    class Meta:
        verbose_name = "ligne d’un export Dext"
        verbose_name_plural = "lignes d’exports Dext"
        ordering = ["export", "position"]
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="export_row_once"),
            models.CheckConstraint(
                condition=~Q(outcome="created") | Q(invoice__isnull=False), name="export_row_created_has_invoice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.get_outcome_display()}"

    @property
    def shown_total(self) -> str:
        """« 1 743,54 », or what came where it is no amount."""
        try:
            return format_amount(Decimal(self.total)) if self.total else ""
        except InvalidOperation:
            return self.total
