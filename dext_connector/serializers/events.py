"""What happened, in Dext's words: ids only. Dext asks for the rest with its token."""

from collections.abc import Mapping

from dext_connector.feed import Told
from dext_connector.models import WebhookDelivery
from dext_connector.paging import BadPage

TEST = "webhook.test"


def event_answer(event: Told) -> dict:
    return {
        "id": str(event.id),
        "kind": event.kind,
        "company_id": str(event.company_id),
        "subject_id": str(event.subject_id),
        "external_id": event.external_id or None,
        "at": event.at.isoformat(),
    }


def test_answer(delivery: WebhookDelivery) -> dict:
    """A call that tells of nothing, in the same shape."""
    return {
        "id": str(delivery.pk),
        "kind": TEST,
        "company_id": None,
        "subject_id": str(delivery.webhook_id),
        "external_id": None,
        "at": delivery.created_at.isoformat(),
    }


def read_position(parameters: Mapping[str, str]) -> int:
    """Where to go on, from `cursor`. Raises BadPage."""
    cursor = parameters.get("cursor", "")
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise BadPage("«\u00a0cursor\u00a0» n’est pas de ceux que MEG donne\u00a0: reprendre sans curseur.")
    return int(cursor)
