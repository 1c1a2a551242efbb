from collections.abc import Sequence

from django.db import models

from banking.models.account import BankAccount
from firms.keys import uuid7_key
from firms.models import Company, User


class ImportState(models.TextChoices):
    DONE = "done", "Enregistré"
    REFUSED = "refused", "Refusé"


class StatementImport(models.Model):
    """One file that somebody brought, with what came of it."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="statement_imports", verbose_name="dossier")
    filename = models.CharField("fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    state = models.CharField("état", max_length=10, choices=ImportState)
    message = models.CharField("message", max_length=500, blank=True)
    added = models.PositiveIntegerField("lignes nouvelles", default=0)
    known = models.PositiveIntegerField("lignes connues", default=0)
    at = models.DateTimeField("importé le", auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="importé par")

    # The accounts of the file, for whoever imported it; a row read again has none.
    accounts: Sequence[BankAccount] = ()

    class Meta:
        verbose_name = "import de relevé"
        verbose_name_plural = "imports de relevés"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


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
