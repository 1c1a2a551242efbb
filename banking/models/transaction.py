from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs, Cast

from banking.models.account import BankAccount
from banking.models.statement import BankStatement
from firms.keys import uuid7_key
from firms.models import Company

# Lines of which something is still to be explained (`unmatched`), as the condition of an index.
UNMATCHED = Q(is_ignored=False, allocated_cents__lt=Abs(F("amount")) * 100)


class BankTransactionQuerySet(models.QuerySet["BankTransaction"]):
    def unmatched(self) -> Self:
        """Lines of which something is still to be explained."""
        return self.filter(UNMATCHED)

    def with_coding(self) -> Self:
        """With the account on which each is, if it is on one, and its entry."""
        return self.select_related("account", "coding__account", "coding__entry__journal", "coding__entry__fiscal_year")

    def untouched(self) -> Self:
        """Lines that no match explains, not even a part of them."""
        return self.filter(is_ignored=False, allocated_cents=0)


class BankTransaction(models.Model):
    """A line of a bank account: a debit is negative.

    `allocated_cents` is the part that matches, or the account on which it is put, explain: positive.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="bank_transactions", verbose_name="dossier")
    account = models.ForeignKey(
        BankAccount, models.CASCADE, related_name="transactions", verbose_name="compte bancaire"
    )
    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="transactions", verbose_name="relevé")
    booked_on = models.DateField("date comptable")
    value_on = models.DateField("date de valeur", null=True, blank=True)
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2)
    label = models.CharField("libellé", max_length=200)
    detail = models.TextField("détail", blank=True)
    kind = models.CharField("code opération", max_length=20, blank=True)
    bank_reference = models.CharField("identifiant de la banque", max_length=255, blank=True)
    creditor_identifier = models.CharField("identifiant créancier SEPA", max_length=35, blank=True)
    mandate = models.CharField("mandat", max_length=35, blank=True)
    fingerprint = models.CharField("empreinte", max_length=64)
    allocated_cents = models.BigIntegerField("affecté (centimes)", default=0)
    is_ignored = models.BooleanField("ignorée", default=False)
    created_at = models.DateTimeField("importée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = BankTransactionQuerySet.as_manager()

    class Meta:
        verbose_name = "opération bancaire"
        verbose_name_plural = "opérations bancaires"
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="bank_transaction_once"),
            models.CheckConstraint(
                condition=Q(allocated_cents__gte=0, allocated_cents__lte=Abs(F("amount")) * 100),
                name="bank_transaction_allocated_within",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-booked_on", "-id"], name="bank_transaction_list"),
            models.Index(fields=["account", "-booked_on", "-id"], name="bank_transaction_by_account"),
            models.Index(
                fields=["company", "id"],
                condition=Q(allocated_cents=0, is_ignored=False),
                name="bank_transaction_untouched",
            ),
            models.Index(
                fields=["company", "-booked_on", "-id"],
                condition=UNMATCHED,
                name="bank_transaction_open",
            ),
            models.Index(fields=["company", "created_at"], condition=UNMATCHED, name="bank_transaction_open_new"),
            models.Index(
                F("company"),
                Cast(Abs(F("amount")) * 100, models.BigIntegerField()) - F("allocated_cents"),
                condition=UNMATCHED,
                name="bank_transaction_open_by_cents",
            ),
            GinIndex(fields=["label"], opclasses=["gin_trgm_ops"], name="bank_transaction_search"),
        ]

    def __str__(self) -> str:
        return self.label
