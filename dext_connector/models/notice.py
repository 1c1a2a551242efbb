from django.db import models

from dext_connector.models.connection import DextConnection
from firms.keys import uuid7_key
from firms.models import Company


class NoticeKind(models.IntegerChoices):
    """How many days before the end of a connection something is said of it."""

    MONTH = 30, "30 jours avant la fin"
    WEEK = 7, "7 jours avant la fin"
    DAY = 1, "la veille de la fin"
    ENDED = 0, "à la fin"


class ConnectionNotice(models.Model):
    """That the end of a connection was told of: once each, for each time that it ends."""

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="dossier")
    connection = models.ForeignKey(
        DextConnection, models.CASCADE, related_name="notices", verbose_name="connexion Dext"
    )
    kind = models.PositiveSmallIntegerField("moment", choices=NoticeKind)
    ends_at = models.DateTimeField("fin annoncée")
    told_at = models.DateTimeField("annoncée le")

    class Meta:
        verbose_name = "annonce de fin de connexion"
        verbose_name_plural = "annonces de fin de connexion"
        ordering = ["-told_at"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "ends_at", "kind"], name="notice_once_per_end"),
            models.CheckConstraint(condition=models.Q(kind__in=NoticeKind.values), name="notice_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.get_kind_display()}"
