from django.db import models
from django.db.models import F, Q

from firms.keys import uuid7_key
from firms.models import Company


class FiscalYear(models.Model):
    """A year of a company's books: « exercice »."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="fiscal_years", verbose_name="dossier")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    class Meta:
        verbose_name = "exercice"
        verbose_name_plural = "exercices"
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["company", "starts_on"], name="fiscal_year_unique_in_company"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="fiscal_year_dates"),
        ]

    def __str__(self) -> str:
        return f"Exercice {self.ends_on:%Y}"
