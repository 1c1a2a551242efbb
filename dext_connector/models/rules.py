from typing import Self

from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company, User
from ledger.models import Account


class RuleState(models.TextChoices):
    UNDECIDED = "undecided", "À décider"
    TAKEN = "taken", "Prise"
    IGNORED = "ignored", "Ignorée"


class Basis(models.TextChoices):
    """By what an account is proposed."""

    CODE = "code", "Même compte"
    NUMBER = "number", "Même numéro"
    LABEL = "label", "Même libellé"
    USE = "use", "Usage"


class RuleArchive(models.Model):
    """The rules that Dext had when a company was activated, once each time that they were others: a generation."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="rule_archives", verbose_name="dossier")
    generation = models.PositiveSmallIntegerField("génération")
    digest = models.CharField("empreinte des règles", max_length=64)
    received_at = models.DateTimeField("reçue le")
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="reçue par")

    class Meta:
        verbose_name = "archive des règles"
        verbose_name_plural = "archives des règles"
        ordering = ["company", "-generation"]
        constraints = [
            models.UniqueConstraint(fields=["company", "generation"], name="rule_archive_generation"),
        ]

    def __str__(self) -> str:
        return f"Règles de {self.company}, {self.generation}"


class ArchivedRuleQuerySet(models.QuerySet["ArchivedRule"]):
    def current(self, company: Company) -> Self:
        """The rules that nothing later replaced."""
        return self.filter(company=company, is_current=True)

    def proposed(self) -> Self:
        """Those still to decide whose proposed account may be used today."""
        return self.filter(
            state=RuleState.UNDECIDED, proposed_account__is_active=True, proposed_account__is_purchase_allowed=True
        )


class ArchivedRule(models.Model):
    """A rule as Dext had it, the account of MEG that is proposed in the place of its own, and what was decided.

    `is_current` until a later generation brings another one for the same supplier.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="archived_rules", verbose_name="dossier")
    archive = models.ForeignKey(RuleArchive, models.CASCADE, related_name="rules", verbose_name="archive")
    position = models.PositiveSmallIntegerField("rang")
    is_current = models.BooleanField("actuelle", default=True)
    payload = models.JSONField("telle que reçue")
    supplier_name = models.CharField("fournisseur", max_length=200)
    folded_supplier = models.CharField("fournisseur replié", max_length=200)
    dext_account = models.CharField("compte dans Dext", max_length=140)
    vat_rate = models.DecimalField("taux de TVA (%)", max_digits=5, decimal_places=2, null=True, blank=True)
    payment_label = models.CharField("moyen de paiement", max_length=80, blank=True)
    due_days = models.PositiveSmallIntegerField("délai de règlement (jours)", null=True, blank=True)
    description = models.CharField("description", max_length=200, blank=True)
    is_paid = models.BooleanField("payé d’avance", default=False)

    proposed_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte proposé"
    )
    basis = models.CharField("proposé par", max_length=6, choices=Basis, blank=True)
    reason = models.CharField("pourquoi", max_length=500)

    state = models.CharField("décision", max_length=9, choices=RuleState, default=RuleState.UNDECIDED)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte pris"
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )

    objects = ArchivedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle archivée"
        verbose_name_plural = "règles archivées"
        ordering = ["archive", "position"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "position"], name="archived_rule_position"),
            models.CheckConstraint(
                condition=Q(proposed_account=None, basis="") | Q(proposed_account__isnull=False) & ~Q(basis=""),
                name="archived_rule_proposal_has_its_basis",
            ),
            models.CheckConstraint(
                condition=Q(state="undecided", account=None, decided_at=None, decided_by=None)
                | Q(state="taken", account__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                | Q(state="ignored", account=None, decided_at__isnull=False, decided_by__isnull=False),
                name="archived_rule_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "folded_supplier", "id"],
                condition=Q(is_current=True),
                name="archived_rule_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name} → {self.dext_account}"


class RuleDeed(models.Model):
    """What a person decided of archived rules, one or many at once, with all that it takes to undo it.

    `changes`: `{"rules": [{"id", "state", "account", "decided_at", "decided_by"}], "live": [{"supplier", "before",
    "after"}]}`: the archived rules as they were, the live rules before and after (`{field: id or value}`, None where
    there was none); ids as text.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="rule_deeds", verbose_name="dossier")
    words = models.CharField("geste", max_length=300)
    changes = models.JSONField("ce qui a changé", default=dict)
    at = models.DateTimeField("fait le")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="fait par")
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annulé par"
    )

    class Meta:
        verbose_name = "décision sur les règles"
        verbose_name_plural = "décisions sur les règles"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="rule_deed_undone_at_and_by",
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="rule_deed_latest")]

    def __str__(self) -> str:
        return self.words
