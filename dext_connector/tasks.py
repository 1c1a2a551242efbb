"""What the worker does for the connector."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from dext_connector import reference_changes
from dext_connector.access.authorizations import forget_ended_authorizations
from dext_connector.calls.idempotency import forget_old_keys
from dext_connector.connections.ends import tell_of_ends
from dext_connector.exports.bringing import drop_forgotten, standing_still
from dext_connector.exports.importing import work_export
from dext_connector.items.document_fetching import due_fetches, try_fetch
from dext_connector.receptions.kept_files import forget_files
from dext_connector.webhooks.asking import looked_at
from dext_connector.webhooks.delivering import forget_deliveries, visit_webhook
from dext_connector.webhooks.planning import webhooks_with_news


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()
    forget_ended_authorizations(at=timezone.now())


@shared_task
def forget_idempotency_keys() -> None:
    """Take the keys of more than 30 days from what came; the rows stay."""
    forget_old_keys(at=timezone.now())


@shared_task
def forget_refused_documents() -> None:
    """Drop the documents of refusals that were replayed, or that nobody replayed in 90 days; may run twice."""
    forget_files(at=timezone.now())


@shared_task
def fetch_document(*, fetch_id: str) -> None:
    """Try once to fetch one document; may run twice."""
    try_fetch(fetch_id=UUID(fetch_id), at=timezone.now())


@shared_task
def sweep_document_fetches() -> None:
    """Find the documents whose moment has come again, or whose message was lost."""
    for fetch_id in due_fetches(at=timezone.now()):
        fetch_document.delay(fetch_id=str(fetch_id))


@shared_task
def sweep_webhooks() -> None:
    """Have every webhook visited that has something to send now."""
    looked_at()
    for webhook_id in webhooks_with_news(at=timezone.now()):
        deliver_webhook.delay(webhook_id=str(webhook_id))


@shared_task
def deliver_webhook(*, webhook_id: str) -> None:
    """One visit of one webhook; what is left waits behind the others. May run twice."""
    if visit_webhook(webhook_id=UUID(webhook_id)):
        deliver_webhook.delay(webhook_id=webhook_id)


@shared_task
def forget_old_deliveries() -> None:
    """Deliveries are kept for 30 days; events for ever."""
    forget_deliveries(at=timezone.now())


@shared_task
def tell_of_connection_ends() -> None:
    """Tell of the connections that end in 30, 7 or 1 days, or have ended."""
    tell_of_ends(at=timezone.now())


@shared_task
def import_export(*, export_id: str) -> None:
    """Publish the rows of one export; may run twice."""
    work_export(export_id=UUID(export_id), at=timezone.now())


@shared_task
def sweep_exports() -> None:
    """Find again the imports that nobody works on, and forget those that nobody started."""
    for export_id in standing_still():
        import_export.delay(export_id=str(export_id))
    drop_forgotten(at=timezone.now())


@shared_task
def notice_reference_changes() -> None:
    """Tell Dext, by an event, that a list has to be loaded again."""
    reference_changes.notice_reference_changes(at=timezone.now())
