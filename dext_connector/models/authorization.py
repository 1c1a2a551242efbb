from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from oauth2_provider.models import Application, RefreshToken

from firms.keys import uuid7_key
from firms.models import Company, User


class DextAuthorizationQuerySet(models.QuerySet["DextAuthorization"]):
    def living(self, at: datetime) -> Self:
        """Those that have not ended and whose refresh token still serves."""
        families = RefreshToken.objects.filter(revoked=None, access_token__isnull=False).values("token_family")
        return self.filter(expires_at__gt=at, token_family__in=families)

    def reaching(self, company: Company) -> Self:
        """Those whose tokens may know of `company`: chosen in a consent, or seen by the user who logged in."""
        seats = company.firm.memberships.filter(is_active=True)
        users = seats.filter(Q(sees_all_companies=True) | Q(companies=company)).values("user")
        is_chosen = self.model.companies.through.objects.filter(
            dextauthorization=models.OuterRef("pk"), company=company
        )
        return self.filter(Q(reaches_all_companies=True) | models.Exists(is_chosen), user__in=users)


class DextAuthorization(models.Model):
    """What a login (every company of the user) or a consent (the chosen ones) lets an application's tokens reach.

    Tokens and their authorization share a family, which rotation keeps; a token without authorization reaches nothing.
    """

    id = uuid7_key()
    user = models.ForeignKey(User, models.CASCADE, related_name="dext_authorizations", verbose_name="utilisateur")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name="application")
    reaches_all_companies = models.BooleanField("tous les dossiers")
    companies = models.ManyToManyField(
        Company, blank=True, related_name="dext_authorizations", verbose_name="dossiers choisis"
    )
    code_checksum = models.CharField(
        "empreinte du code", max_length=64, null=True, blank=True, unique=True, editable=False
    )
    token_family = models.UUIDField("famille de jetons", null=True, blank=True, unique=True, editable=False)
    given_at = models.DateTimeField("donnée le")
    expires_at = models.DateTimeField("finit le")

    objects = DextAuthorizationQuerySet.as_manager()

    class Meta:
        verbose_name = "autorisation Dext"
        verbose_name_plural = "autorisations Dext"
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("given_at")), name="authorization_ends_after_given"),
            models.CheckConstraint(
                condition=Q(reaches_all_companies=True, code_checksum=None, token_family__isnull=False)
                | Q(reaches_all_companies=False, code_checksum__isnull=False),
                name="authorization_is_login_or_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.user}"
