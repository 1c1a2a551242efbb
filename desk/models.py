from django.db import models

from firms.keys import uuid7_key
from firms.models import Company


class CompanyCounters(models.Model):
    """What waits in a company, as it was counted at `counted_at`, so that a firm's page reads one row a company.

    Written by `desk.counting` alone. Each number is at most its cap. `seen_until` is the least key that a row made
    since may bear. `refused` and `failed` are Dext's publishes of the last seven days; `waiting_since` is when the
    oldest purchase that waits for somebody came; `bank_known_until` is the day of the account that lags most.
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
