from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q

from achats.models import PurchaseInvoice
from banking.models.transaction import BankTransaction
from firms.keys import uuid7_key
from firms.models import Company, User


class PieceRequestQuerySet(models.QuerySet["PieceRequest"]):
    def open(self, *, at: datetime) -> Self:
        """Those whose link still opens."""
        return self.filter(revoked_at=None, expires_at__gt=at)


class PieceRequest(models.Model):
    """A secret link by which a client brings the documents of bank lines; only its token's hash is kept.

    `is_reminded` says that the client is written to again while something lacks; it needs an address.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="piece_requests", verbose_name="dossier")
    recipient = models.CharField("destinataire", max_length=200, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True)
    expires_at = models.DateTimeField("expire le")
    is_reminded = models.BooleanField("relancée chaque semaine", default=False)
    requested_at = models.DateTimeField("demandée le")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="demandée par")
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="retirée par"
    )

    objects = PieceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de pièces"
        verbose_name_plural = "demandes de pièces"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="piece_request_revoked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(is_reminded=False) | ~Q(email=""), name="piece_request_reminded_at_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"Demande à {self.recipient or self.email or 'un client'}"


class PieceReminder(models.Model):
    """A message that asked again, with a link of its own that opens the same request as long as the first.

    It is written before the message leaves, so that none ever leaves twice; `sent_at` stays None where nobody knows
    whether it did.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    request = models.ForeignKey(PieceRequest, models.CASCADE, related_name="reminders", verbose_name="demande")
    number = models.PositiveSmallIntegerField("rang")
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True)
    begun_at = models.DateTimeField("commencée le")
    sent_at = models.DateTimeField("partie le", null=True, blank=True)

    class Meta:
        verbose_name = "relance"
        verbose_name_plural = "relances"
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="piece_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"Relance {self.number} · {self.request}"


class RequestedLineQuerySet(models.QuerySet["RequestedLine"]):
    def lacking(self) -> Self:
        """Those of which nothing came, and that nothing else has explained since."""
        return self.filter(invoice=None, transaction__in=BankTransaction.objects.untouched())


class RequestedLine(models.Model):
    """A bank line whose document is asked for; `invoice` is what came back, with its documents."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    request = models.ForeignKey(PieceRequest, models.CASCADE, related_name="lines", verbose_name="demande")
    transaction = models.ForeignKey(
        BankTransaction, models.CASCADE, related_name="requested_lines", verbose_name="opération"
    )
    invoice = models.ForeignKey(
        PurchaseInvoice, models.SET_NULL, null=True, blank=True, related_name="requested_lines", verbose_name="facture"
    )

    objects = RequestedLineQuerySet.as_manager()

    class Meta:
        verbose_name = "opération demandée"
        verbose_name_plural = "opérations demandées"
        ordering = ["request", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "transaction"], name="requested_line_once"),
        ]

    def __str__(self) -> str:
        return str(self.transaction)

    @property
    def paid_amount(self) -> Decimal:
        """What the bank line paid, positive: a client reads no debits."""
        return -self.transaction.amount
