from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from oauth2_provider.models import Application

from firms.keys import uuid7_key
from firms.models import Company, Event, User


class PublicKind(models.TextChoices):
    """What Dext is told of; `feed.py` says which of our events each one is."""

    RECEIVED = "purchase.received", "Facture reçue"
    NOT_READY = "purchase.not_ready", "Facture pas prête"
    POSTED = "purchase.posted", "Facture comptabilisée"
    UNPOSTED = "purchase.unposted", "Publication annulée"
    REVERSED = "purchase.reversed", "Écriture contre-passée"
    SETTLED = "purchase.settled", "Facture réglée"
    MATCHED = "purchase.matched", "Facture rapprochée"
    UNMATCHED = "purchase.unmatched", "Rapprochement défait"
    CANCELLED = "purchase.cancelled", "Facture annulée"
    REFERENCE = "reference.changed", "Listes ou paramètres changés"
    EXPIRING = "connection.expiring", "Connexion bientôt terminée"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def enabled(self) -> Self:
        return self.filter(disabled_at=None)


class Webhook(models.Model):
    """Where Dext wants to be told what happens: « retour vers Dext ».

    No secret is kept: it is derived from the row's id and `generation`. `position` is the place in the feed of the
    last event for which a delivery was made.
    """

    id = uuid7_key()
    user = models.ForeignKey(User, models.CASCADE, related_name="webhooks", verbose_name="utilisateur")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name="application")
    url = models.URLField("adresse", max_length=2000)
    kinds = ArrayField(models.CharField(max_length=40, choices=PublicKind), verbose_name="natures")
    generation = models.PositiveSmallIntegerField("génération du secret", default=1)
    rotated_at = models.DateTimeField("secret renouvelé le", null=True, blank=True)
    position = models.BigIntegerField("place dans le fil", default=0)
    created_at = models.DateTimeField("enregistré le")
    disabled_at = models.DateTimeField("désactivé le", null=True, blank=True)
    disabled_because = models.CharField("motif de désactivation", max_length=200, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = "retour vers Dext"
        verbose_name_plural = "retours vers Dext"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "application", "url"], name="webhook_once"),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="webhook_has_kinds"),
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_because="")
                | Q(Q(disabled_at__isnull=False), ~Q(disabled_because="")),
                name="webhook_disabled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "En attente"
    DELIVERED = "delivered", "Livré"
    FAILED = "failed", "Échec"


class WebhookDelivery(models.Model):
    """An event on its way to a webhook; a test has neither event nor company.

    `last_status` is the HTTP status of the last attempt, None where nothing was answered; `error` says it in words.
    """

    id = uuid7_key()
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name="retour")
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="dossier"
    )
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="événement")
    state = models.CharField("état", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    first_attempt_at = models.DateTimeField("premier essai le", null=True, blank=True)
    next_attempt_at = models.DateTimeField("prochain essai le", null=True, blank=True)
    delivered_at = models.DateTimeField("livré le", null=True, blank=True)
    last_status = models.PositiveSmallIntegerField("dernier statut HTTP", null=True, blank=True)
    error = models.CharField("défaut", max_length=200, blank=True)
    created_at = models.DateTimeField("créé le")

    class Meta:
        verbose_name = "livraison"
        verbose_name_plural = "livraisons"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once_per_event"),
            models.UniqueConstraint(
                fields=["webhook"], condition=Q(event=None, state="waiting"), name="delivery_one_test_waits"
            ),
            models.CheckConstraint(
                condition=Q(event=None, company=None) | Q(event__isnull=False, company__isnull=False),
                name="delivery_of_an_event_has_its_company",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_attempt_at__isnull=False)
                | Q(~Q(state="waiting"), next_attempt_at=None),
                name="delivery_waits_for_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | Q(~Q(state="delivered"), delivered_at=None),
                name="delivery_delivered_at",
            ),
            models.CheckConstraint(
                condition=Q(attempts=0, first_attempt_at=None) | Q(attempts__gt=0, first_attempt_at__isnull=False),
                name="delivery_first_attempt_at",
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "next_attempt_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["company", "-id"], name="delivery_of_company"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.webhook}"
