from typing import Self

from django.db import models

from firms.keys import uuid7_key
from firms.models.company import Company
from firms.models.firm import Firm
from firms.models.user import User


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrateur"
    ACCOUNTANT = "accountant", "Comptable"
    READER = "reader", "Lecteur"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def with_company_count(self) -> Self:
        """`company_count`: how many companies were chosen for the member (none where he sees all)."""
        return self.annotate(company_count=models.Count("companies"))


class Membership(models.Model):
    """What a user may do in a firm, and in which of its companies."""

    id = uuid7_key()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="utilisateur")
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="memberships", verbose_name="cabinet")
    role = models.CharField("rôle", max_length=15, choices=Role)
    sees_all_companies = models.BooleanField("voit tous les dossiers", default=False)
    companies = models.ManyToManyField(Company, blank=True, related_name="memberships", verbose_name="dossiers")
    is_active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        verbose_name_plural = "membres"
        ordering = ["firm", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "firm"], name="membership_one_per_user_and_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
