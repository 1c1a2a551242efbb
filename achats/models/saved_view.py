from django.db import models

from firms.keys import uuid7_key
from firms.models import Company, User


class SavedView(models.Model):
    """A filter of the list that a person keeps under a name in one company; `query` is what follows « ? »."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="utilisateur")
    name = models.CharField("nom", max_length=60)
    query = models.CharField("filtres", max_length=1000, blank=True)
    created_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "user", "name"], name="saved_view_one_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
