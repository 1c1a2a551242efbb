from django.db import models

from banking.matching.weights import UNTRAINED, Weights
from firms.keys import uuid7_key
from firms.models import Company


class MatchingPolicy(models.Model):
    """What the machine learnt in a company of how much each kind of evidence counts, by nights.

    `shares` and `proven` are those of `matching.weights.Weights`, `before` what they were before the last change. What
    was decided until `forgotten_at` teaches nothing any more. `version` counts the changes.
    """

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="matching_policy", verbose_name="dossier")
    version = models.PositiveIntegerField("version", default=0)
    shares = models.JSONField("poids, en centièmes", default=dict, blank=True)
    proven = models.PositiveIntegerField("seuil, en centièmes", default=UNTRAINED.proven)
    before = models.JSONField("avant", default=dict, blank=True)
    confirmed = models.PositiveIntegerField("confirmations", default=0)
    refused = models.PositiveIntegerField("refus", default=0)
    changed_at = models.DateTimeField("changé le", null=True, blank=True)
    forgotten_at = models.DateTimeField("oublié le", null=True, blank=True)

    class Meta:
        verbose_name = "réglage appris du rapprochement"
        verbose_name_plural = "réglages appris du rapprochement"
        ordering = ["company"]

    def __str__(self) -> str:
        return f"{self.company} v{self.version}"

    @property
    def weights(self) -> Weights:
        return Weights(dict(self.shares), self.proven)
