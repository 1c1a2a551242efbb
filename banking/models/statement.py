from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from banking.models.account import BankAccount
from firms.keys import uuid7_key
from firms.models import Company, User


class ImportState(models.TextChoices):
    WAITING = "waiting", "En attente"
    READING = "reading", "Lecture en cours"
    NEEDS_ACCOUNT = "needs_account", "À confirmer"
    NEEDS_TELLING = "needs_telling", "À préciser"
    NEEDS_COLUMNS = "needs_columns", "Colonnes à nommer"
    DONE = "done", "Enregistré"
    REFUSED = "refused", "Refusé"
    WITHDRAWN = "withdrawn", "Retiré"


UNDER_WAY = (ImportState.WAITING, ImportState.READING)
ASKING = (ImportState.NEEDS_ACCOUNT, ImportState.NEEDS_TELLING, ImportState.NEEDS_COLUMNS)


class StatementImport(models.Model):
    """One file that somebody brought, with what came of it; its bytes stand in `banking.imports.statement_files`.

    `told_account`, `told_date_order` and `may_create_account` are what a person said of it. `asked` is what it still
    lacks: of an account `{"account": …, "currency": …}`, of a date order and a silent account
    `{"needs": […], "hint": …, "example": …}`, of a CSV `{"header": […], "rows": [[…]], "fingerprint": …}`.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="statement_imports", verbose_name="dossier")
    filename = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveBigIntegerField("taille (octets)", default=0)
    state = models.CharField("état", max_length=16, choices=ImportState, default=ImportState.WAITING)
    message = models.CharField("message", max_length=500, blank=True)
    line_number = models.PositiveIntegerField("ligne en cause", null=True, blank=True)
    added = models.PositiveIntegerField("lignes nouvelles", default=0)
    known = models.PositiveIntegerField("lignes connues", default=0)
    balances_follow = models.BooleanField("soldes qui se suivent", null=True, blank=True)
    told_account = models.ForeignKey(
        BankAccount, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte indiqué"
    )
    told_date_order = models.CharField("ordre des dates indiqué", max_length=3, blank=True)
    may_create_account = models.BooleanField("compte à créer", default=False)
    asked = models.JSONField("ce qui manque", default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField("lectures", default=0)
    started_at = models.DateTimeField("lecture commencée le", null=True, blank=True)
    at = models.DateTimeField("importé le", auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="importé par")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retiré par"
    )

    # For whoever has just read it; a row read again has neither.
    accounts: Sequence[BankAccount] = ()
    refusal: Exception | None = None

    class Meta:
        verbose_name = "import de relevé"
        verbose_name_plural = "imports de relevés"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="statement_import_state_known"),
            models.CheckConstraint(
                condition=Q(told_date_order__in=["", "dmy", "mdy"]), name="statement_import_date_order_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="statement_import_withdrawn_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False), name="statement_import_withdrawn_when"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="statement_import_list"),
            models.Index(
                fields=["id"], condition=Q(state__in=["waiting", "reading"]), name="statement_import_under_way"
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class BankStatement(models.Model):
    """What a file said of one account over one period, its balances as printed (None where the file has none)."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="bank_statements", verbose_name="dossier")
    account = models.ForeignKey(BankAccount, models.CASCADE, related_name="statements", verbose_name="compte bancaire")
    statement_import = models.ForeignKey(
        StatementImport, models.PROTECT, related_name="statements", verbose_name="import"
    )
    format = models.CharField("format", max_length=12)
    opening_on = models.DateField("du", null=True, blank=True)
    opening_amount = models.DecimalField("ancien solde", max_digits=16, decimal_places=2, null=True, blank=True)
    closing_on = models.DateField("au", null=True, blank=True)
    closing_amount = models.DecimalField("nouveau solde", max_digits=16, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "relevé bancaire"
        verbose_name_plural = "relevés bancaires"
        ordering = ["account", "closing_on"]

    def __str__(self) -> str:
        return f"{self.account} au {self.closing_on:%d/%m/%Y}" if self.closing_on else str(self.account)
