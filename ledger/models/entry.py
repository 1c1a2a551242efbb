from decimal import Decimal

from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company, User
from ledger.models.account import Account
from ledger.models.journal import Journal
from ledger.models.period import FiscalYear
from ledger.models.third_party import ThirdPartyAccount


class EntryState(models.TextChoices):
    DRAFT = "draft", "Brouillard"
    VALIDATED = "validated", "Validée"


class JournalEntry(models.Model):
    """Lines that balance, of one journal and one day; final once validated (PostgreSQL refuses every change).

    `draft_number` names it from its first day; `number`, without gaps per journal and year, comes with validation.
    `posted_on` is its day in the books, `document_on` that of its document, which a closed period leaves as it is.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.PROTECT, related_name="entries", verbose_name="dossier")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="entries", verbose_name="journal")
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="entries", verbose_name="exercice")
    state = models.CharField("état", max_length=10, choices=EntryState, default=EntryState.DRAFT)
    draft_number = models.PositiveIntegerField("n° de brouillard")
    number = models.PositiveIntegerField("n° d’écriture", null=True, blank=True)
    posted_on = models.DateField("date d’écriture")
    document_on = models.DateField("date de pièce")
    reference = models.CharField("n° de pièce", max_length=100, blank=True)
    label = models.CharField("libellé", max_length=200)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="contre-passe"
    )
    created_at = models.DateTimeField("passée le")
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="passée par"
    )
    validated_at = models.DateTimeField("validée le", null=True, blank=True)
    validated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="validée par"
    )

    class Meta:
        verbose_name = "écriture"
        verbose_name_plural = "écritures"
        ordering = ["posted_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "draft_number"], name="entry_draft_number_once"),
            models.UniqueConstraint(fields=["journal", "fiscal_year", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, validated_at=None, validated_by=None)
                | Q(
                    state="validated",
                    number__isnull=False,
                    validated_at__isnull=False,
                    validated_by__isnull=False,
                ),
                name="entry_validated_has_its_number",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "posted_on"], name="entry_by_day"),
            models.Index(fields=["company", "posted_on"], condition=Q(state="draft"), name="entry_drafts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """« AC-000412 » of a draft, « AC-2019-000398 » once validated. Reads the journal and the year."""
        if self.number is None:
            return f"{self.journal.code}-{self.draft_number:06d}"
        return f"{self.journal.code}-{self.fiscal_year.ends_on:%Y}-{self.number:06d}"


class EntryLine(models.Model):
    """What an entry moves on one account: a debit or a credit, never both, never nothing."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="dossier")
    entry = models.ForeignKey(JournalEntry, models.CASCADE, related_name="lines", verbose_name="écriture")
    position = models.PositiveSmallIntegerField("rang")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entry_lines", verbose_name="compte")
    third_party = models.ForeignKey(
        ThirdPartyAccount, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="auxiliaire"
    )
    label = models.CharField("libellé", max_length=200)
    debit = models.DecimalField("débit", max_digits=14, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField("crédit", max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = "ligne d’écriture"
        verbose_name_plural = "lignes d’écriture"
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="entry_line_position"),
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="entry_line_one_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit} {self.credit}"
