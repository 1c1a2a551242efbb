from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company, User


class DextConnection(models.Model):
    """That a company is connected to Dext, since when and until when; opened by its first login, consent or publish."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="dext_connection", verbose_name="dossier")
    connected_at = models.DateTimeField("connecté le")
    connected_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="connecté par")
    expires_at = models.DateTimeField("expire le")
    activated_at = models.DateTimeField("activé le", null=True, blank=True)
    activated_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="activé par"
    )
    disconnected_at = models.DateTimeField("déconnecté le", null=True, blank=True)
    disconnected_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déconnecté par"
    )

    class Meta:
        verbose_name = "connexion Dext"
        verbose_name_plural = "connexions Dext"
        ordering = ["company"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activated_at=None, activated_by=None)
                | Q(activated_at__isnull=False, activated_by__isnull=False),
                name="connection_activated_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(disconnected_at=None, disconnected_by=None)
                | Q(disconnected_at__isnull=False, disconnected_by__isnull=False),
                name="connection_disconnected_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"Dext · {self.company}"
