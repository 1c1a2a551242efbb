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
        return self.annotate(company_count=models.Count("companies", distinct=True))

    def telling_own_work(self) -> Self:
        """`has_own_work`: whether companies were entrusted to the member, or chosen for him one by one."""
        entrusted = Membership.entrusted.through.objects.filter(membership=models.OuterRef("pk"))
        return self.annotate(has_own_work=models.Exists(entrusted) | models.Q(sees_all_companies=False))

    def with_entrusted_count(self) -> Self:
        """`entrusted_count`: of how many companies the member is in charge."""
        return self.annotate(entrusted_count=models.Count("entrusted", distinct=True))


class Membership(models.Model):
    """What a user may do in a firm, and in which of its companies."""

    id = uuid7_key()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="utilisateur")
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="memberships", verbose_name="cabinet")
    role = models.CharField("rôle", max_length=15, choices=Role)
    sees_all_companies = models.BooleanField("voit tous les dossiers", default=False)
    companies = models.ManyToManyField(Company, blank=True, related_name="memberships", verbose_name="dossiers")
    # Whose work a company is; it opens nothing that the member may not see anyway.
    entrusted = models.ManyToManyField(
        Company, blank=True, related_name="keepers", verbose_name="dossiers confiés", db_table="firms_entrusted_company"
    )
    is_active = models.BooleanField("actif", default=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    has_own_work: bool = False  # told by `telling_own_work`

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
