from django.db import models
from django.db.models import Q

from firms.keys import uuid7_key
from firms.models.company import Company
from firms.models.user import User


class Event(models.Model):
    """What happened to a company's data, append-only: pages read their history in it, Dext its feed.

    `position` is its place in the feed, given once it is committed (`firms.feed`); None until then.
    """

    id = uuid7_key()
    company = models.ForeignKey(Company, models.CASCADE, related_name="events", verbose_name="dossier")
    kind = models.CharField("nature", max_length=40)
    subject_id = models.UUIDField("objet")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")
    changes = models.JSONField("changements", default=dict)
    position = models.BigIntegerField("place dans le fil", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "événement"
        verbose_name_plural = "événements"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["position"], name="event_position_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(position=None), name="event_without_position"),
            models.Index(fields=["company", "id"], name="event_feed"),
            models.Index(fields=["company", "subject_id", "id"], name="event_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
