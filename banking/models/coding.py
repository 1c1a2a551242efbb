from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from banking.models.transaction import BankTransaction
from firms.keys import uuid7_key
from firms.models import Company, User
from ledger.models import Account, JournalEntry, VatCode


class LineCoding(models.Model):
    """A bank line, or what matches leave of it, that a person put on an account without a document: « imputation ».

    `cents` is that part of the line, positive, and counts in its `allocated_cents`; `vat_cents` of it are VAT.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="dossier")
    transaction = models.OneToOneField(
        BankTransaction, models.PROTECT, related_name="coding", verbose_name="opération bancaire"
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="compte")
    vat_code = models.ForeignKey(
        VatCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="code TVA"
    )
    cents = models.BigIntegerField("montant imputé (centimes)")
    vat_cents = models.BigIntegerField("TVA (centimes)", default=0)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="line_coding", verbose_name="écriture")
    coded_at = models.DateTimeField("imputée le")
    coded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="imputée par")

    class Meta:
        verbose_name = "imputation"
        verbose_name_plural = "imputations"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gt=0, vat_cents__gte=0, vat_cents__lt=F("cents")), name="line_coding_amounts"
            ),
            models.CheckConstraint(
                condition=Q(vat_cents=0) | Q(vat_code__isnull=False), name="line_coding_vat_has_its_code"
            ),
        ]
        indexes = [models.Index(fields=["company", "cents"], name="line_coding_by_amount")]

    def __str__(self) -> str:
        return f"{self.transaction} → {self.account.code}"

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents).scaleb(-2)

    @property
    def vat_amount(self) -> Decimal:
        return Decimal(self.vat_cents).scaleb(-2)
