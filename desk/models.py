from django.db import models

from firms.keys import uuid7_key
from firms.models import Company, User


class CompanyCounters(models.Model):
    """What waits in a company, as it was counted at `counted_at`, so that a firm's page reads one row a company.

    Written by `desk.counting` alone. Each number is at most its cap. `seen_until` is the least key that a row made
    since may bear. `refused` and `failed` are Dext's publishes of the last seven days; `imports_to_mend` are the
    statements of a week that were refused, with none imported since, and those that ask something; `waiting_since` is
    when the oldest purchase that waits for somebody came; `bank_known_until` is the day of the account that lags most.
    """

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="counters", verbose_name="dossier")
    counted_at = models.DateTimeField("compté le")
    seen_until = models.UUIDField("vu jusqu’à")
    not_ready = models.PositiveIntegerField("pas prêtes", default=0)
    ready = models.PositiveIntegerField("à publier", default=0)
    to_match = models.PositiveIntegerField("à rapprocher", default=0)
    unread = models.PositiveIntegerField("rapprochements à relire", default=0)
    refused = models.PositiveIntegerField("refus de Dext", default=0)
    failed = models.PositiveIntegerField("échecs", default=0)
    imports_to_mend = models.PositiveIntegerField("imports de relevés à reprendre", default=0)
    waiting_since = models.DateTimeField("attend depuis le", null=True, blank=True)
    bank_account_count = models.PositiveIntegerField("comptes bancaires", default=0)
    bank_known_until = models.DateField("banque connue jusqu’au", null=True, blank=True)
    last_deed_at = models.DateTimeField("dernier geste le", null=True, blank=True)

    class Meta:
        verbose_name = "compteurs du dossier"
        verbose_name_plural = "compteurs des dossiers"
        ordering = ["company"]

    def __str__(self) -> str:
        return f"{self.company} · {self.counted_at:%d/%m/%Y %H:%M}"


class FirstStepsHiding(models.Model):
    """That somebody put the first steps of a company out of sight: they are done otherwise, or never will be."""

    id = uuid7_key()
    company = models.OneToOneField(Company, models.CASCADE, related_name="first_steps_hiding", verbose_name="dossier")
    hidden_at = models.DateTimeField("masquées le")
    hidden_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="masquées par")

    class Meta:
        verbose_name = "premières étapes masquées"
        verbose_name_plural = "premières étapes masquées"
        ordering = ["company"]

    def __str__(self) -> str:
        return f"{self.company} · {self.hidden_by}"
