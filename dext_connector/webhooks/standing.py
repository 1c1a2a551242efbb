"""« Retours vers Dext »: what accountants see of the webhooks that are told of their company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import OuterRef, Subquery

from dext_connector.access.reach import webhooks_reaching
from dext_connector.models import DeliveryState, Webhook, WebhookDelivery
from firms.models import Company

BADGES = {DeliveryState.DELIVERED: "done", DeliveryState.WAITING: "partial", DeliveryState.FAILED: "error"}


@dataclass(frozen=True)
class Standing:
    """A webhook and the last delivery about the company; `host` is all that is shown of its address."""

    webhook: Webhook
    host: str
    last: WebhookDelivery | None

    @property
    def badge(self) -> str:
        """The shape of the last delivery."""
        return BADGES[DeliveryState(self.last.state)] if self.last else "mute"


def standings_of(company: Company, *, at: datetime) -> list[Standing]:
    """Disabled ones first: two queries."""
    webhooks = webhooks_reaching(company, at=at)
    last = _last_deliveries(company, webhooks)
    standings = [Standing(row, urlsplit(row.url).hostname or "", last.get(row.pk)) for row in webhooks]
    return sorted(standings, key=lambda standing: standing.webhook.disabled_at is None)


def _last_deliveries(company: Company, webhooks: Sequence[Webhook]) -> dict:
    of_one = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), company=company).order_by("-id").values("pk")[:1]
    latest = Webhook.objects.filter(pk__in=[row.pk for row in webhooks]).values(latest=Subquery(of_one))
    return {row.webhook_id: row for row in WebhookDelivery.objects.filter(pk__in=latest)}
