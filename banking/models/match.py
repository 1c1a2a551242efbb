from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from achats.models import PaymentEntry, PurchaseInvoice
from banking.models.transaction import BankTransaction
from firms.keys import uuid7_key
from firms.models import Company, User
from ledger.models import JournalEntry


class MatchState(models.TextChoices):
    AUTO = "auto", "Rapproché (auto)"
    SUGGESTED = "suggested", "Suggestion"
    CONFIRMED = "confirmed", "Rapproché"
    REFUSED = "refused", "Refusé"
    UNDONE = "undone", "Défait"
    REOPENED = "reopened", "Refus repris"


class GapKind(models.TextChoices):
    """What the difference between a payment and what it pays was."""

    FEE = "fee", "Frais bancaires"
    DISCOUNT = "discount", "Escompte obtenu"
    DIFFERENCE = "difference", "Écart de règlement"
    EXCHANGE = "exchange", "Écart de change"


LIVE_STATES = (MatchState.AUTO, MatchState.CONFIRMED)
AGAINST = (MatchState.REFUSED, MatchState.UNDONE)


class MatchQuerySet(models.QuerySet["Match"]):
    def live(self) -> Self:
        """Matches that allocate money: made by the machine or by a person, and not undone."""
        return self.filter(state__in=LIVE_STATES)

    def suggested(self) -> Self:
        return self.filter(state=MatchState.SUGGESTED)

    def against(self) -> Self:
        """Pairs that a person said are none: never to be made or proposed again."""
        return self.filter(state__in=AGAINST)


NEWS = "news"


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def whole(self) -> Self:
        """Those that looked at all that was open in the company, and not only at what was new."""
        return self.exclude(trigger=NEWS)


class MatchRun(models.Model):
    """One passage of the engine over a company; triggered by `NEWS`, over what is new and what may be its rival."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="match_runs", verbose_name="dossier")
    engine_version = models.CharField("version du moteur", max_length=20)
    trigger = models.CharField("déclencheur", max_length=20, blank=True)
    started_at = models.DateTimeField("commencé le")
    finished_at = models.DateTimeField("fini le", null=True, blank=True)
    automatic = models.PositiveIntegerField("rapprochements", default=0)
    suggested = models.PositiveIntegerField("suggestions", default=0)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = "exécution du rapprochement"
        verbose_name_plural = "exécutions du rapprochement"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["company", "-started_at"], condition=~Q(trigger=NEWS), name="match_run_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.started_at:%d/%m/%Y %H:%M}"

    @property
    def took(self) -> timedelta:
        """Nothing of a run that has not ended."""
        return (self.finished_at or self.started_at) - self.started_at


class Match(models.Model):
    """An invoice and the bank line that paid it, or may have: the pair, the part of the line, and why.

    `amount_cents` counts in the sums of both sides while the state is live: positive, but for a credit note deducted
    from a payment. `invoice_cents` is what counts on the invoice's side where it differs: another currency, or such a
    credit note; `base_cents` is what that is in the line's currency, the company's, of a purchase in another, once a
    match is in force. Pairs that only add up together bear one `group`: they are made, confirmed, refused and undone as
    one. `record` is what the machine weighed (`matching.record`), empty where a person made the match. `is_observed`
    stays on what the machine would have made on an account in observation, whatever a person then decides: it measures
    the machine. Rows are never deleted once a person or the machine acted on them. `payment` is the entry by which it
    posts its invoice, in a company in trésorerie. `gap_kind` says what a person made of the cents by which both sides
    differ, `gap_entry` is their entry. A no that was taken back keeps who said it (`decided_by`) and what it was
    (`reopened_from`) beside who took it back (`reopened_by`); `unlearnt` are the aliases that a refusal made forget, to
    come back with it.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="matches", verbose_name="dossier")
    run = models.ForeignKey(
        MatchRun, models.SET_NULL, null=True, blank=True, related_name="matches", verbose_name="exécution"
    )
    invoice = models.ForeignKey(PurchaseInvoice, models.PROTECT, related_name="matches", verbose_name="facture")
    transaction = models.ForeignKey(BankTransaction, models.PROTECT, related_name="matches", verbose_name="opération")
    group = models.UUIDField("ensemble", null=True, blank=True)
    amount_cents = models.BigIntegerField("montant affecté (centimes)")
    invoice_cents = models.BigIntegerField("montant réglé, en devise de la facture (centimes)", null=True, blank=True)
    base_cents = models.BigIntegerField("montant réglé, en devise de tenue (centimes)", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=MatchState)
    rank = models.PositiveSmallIntegerField("rang de la suggestion", default=1)
    reasons = models.JSONField("raisons", default=list)
    score = models.FloatField("score", null=True, blank=True)
    record = models.JSONField("ce qui a été pesé", default=dict, blank=True)
    is_observed = models.BooleanField("aurait été automatique", default=False)
    payment = models.OneToOneField(
        PaymentEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="match",
        verbose_name="écriture de règlement",
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )

    reopened_at = models.DateTimeField("refus repris le", null=True, blank=True)
    reopened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="refus repris par"
    )
    reopened_from = models.CharField(
        "ce qui a été repris", max_length=10, choices=MatchState, blank=True, db_default=""
    )
    unlearnt = models.JSONField("alias oubliés", null=True, blank=True)

    gap_kind = models.CharField("nature de l’écart", max_length=10, choices=GapKind, blank=True, db_default="")
    gap_entry = models.OneToOneField(
        JournalEntry, models.PROTECT, null=True, blank=True, related_name="gap_of", verbose_name="écriture de l’écart"
    )

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = "rapprochement"
        verbose_name_plural = "rapprochements"
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) | Q(amount_cents__lt=0, group__isnull=False, invoice_cents__gt=0),
                name="match_amount_positive_unless_deducted",
            ),
            models.CheckConstraint(
                condition=Q(invoice_cents=None) | Q(invoice_cents__gt=0), name="match_invoice_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(base_cents=None) | Q(base_cents__gt=0, invoice_cents__isnull=False),
                name="match_base_amount_of_another_currency",
            ),
            models.CheckConstraint(
                condition=~Q(gap_kind=GapKind.EXCHANGE) | Q(base_cents__isnull=False), name="match_exchange_has_base"
            ),
            models.CheckConstraint(
                condition=Q(gap_entry=None) | Q(state__in=LIVE_STATES) & ~Q(gap_kind=""), name="match_gap_of_a_live_one"
            ),
            models.UniqueConstraint(
                fields=["invoice", "transaction"],
                condition=Q(state__in=["auto", "suggested", "confirmed"]),
                name="match_pair_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="match_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False, decided_at__isnull=False),
                name="match_reopened_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state=MatchState.REOPENED, reopened_at__isnull=False)
                | ~Q(state=MatchState.REOPENED) & Q(reopened_at=None),
                name="match_reopened_when",
            ),
            models.CheckConstraint(
                condition=Q(payment=None) | Q(state__in=["auto", "confirmed"]), name="match_payment_of_a_live_one"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "state"], name="match_by_state"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="match_by_group"),
            models.Index(
                fields=["company"],
                condition=Q(invoice_cents__isnull=False, base_cents=None, gap_kind="", state__in=LIVE_STATES),
                name="match_exchange_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} ↔ {self.transaction}"

    @property
    def gap_cents(self) -> int:
        """What was paid beyond what it settles, in cents of the line, negative where less; 0 where nobody named it."""
        settles = self.settles_cents if self.base_cents is None else self.base_cents
        return self.amount_cents - settles if self.gap_kind else 0

    @property
    def settles_cents(self) -> int:
        """What the match pays of its invoice, in the invoice's currency."""
        return self.amount_cents if self.invoice_cents is None else self.invoice_cents
