from django.db import models

from firms.keys import uuid7_key
from firms.models import Company, User


class ReceptionVisit(models.Model):
    """When a person last looked at a company's receptions; what came after `unread_since` is new to that person."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="utilisateur")
    visited_at = models.DateTimeField("vue le")
    unread_since = models.DateTimeField("non lu depuis", null=True, blank=True)

    class Meta:
        verbose_name = "visite des réceptions"
        verbose_name_plural = "visites des réceptions"
        ordering = ["company", "user"]
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="reception_visit_once"),
            models.CheckConstraint(
                condition=models.Q(unread_since=None) | models.Q(unread_since__lte=models.F("visited_at")),
                name="reception_visit_unread_before_visited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company}"
