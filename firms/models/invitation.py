from django.db import models

from firms.keys import uuid7_key
from firms.models.company import Company
from firms.models.firm import Firm
from firms.models.membership import Role
from firms.models.user import User


class Invitation(models.Model):
    """A one-time link by which a person joins a firm; only its token's hash is kept."""

    id = uuid7_key()
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="invitations", verbose_name="cabinet")
    email = models.EmailField("adresse e-mail")
    role = models.CharField("rôle", max_length=15, choices=Role)
    sees_all_companies = models.BooleanField("voit tous les dossiers", default=False)
    companies = models.ManyToManyField(Company, blank=True, verbose_name="dossiers")
    token_hash = models.CharField("empreinte du lien", max_length=64, unique=True)
    expires_at = models.DateTimeField("expire le")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="créée par"
    )
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="acceptée par"
    )

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} · {self.firm}"
