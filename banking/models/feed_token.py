from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models import Company, Firm, User


class FeedToken(models.Model):
    """What a bank feed shows to bring statements: of every company of a firm, or of one. Only its digest is kept."""

    id = uuid7_key()
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="feed_tokens", verbose_name="cabinet")
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="dossier, s’il n’y en a qu’un"
    )
    name = models.CharField("nom", max_length=80)
    digest = models.CharField("empreinte", max_length=64, unique=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="créé par"
    )
    last_used_at = models.DateTimeField("employé le", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "jeton de flux bancaire"
        verbose_name_plural = "jetons de flux bancaires"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="feed_token_digest_shape"),
        ]

    def __str__(self) -> str:
        return self.name
