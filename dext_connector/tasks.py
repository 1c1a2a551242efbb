"""What the worker does for the connector."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired


@shared_task
def forget_expired_tokens() -> None:
    """Drop the tokens that have ended: a login or a renewal leaves two rows each time."""
    clear_expired()


@shared_task
def import_export(*, export_id: str) -> None:
    """Publish the rows of one export; may run twice."""
    from dext_connector.exports.importing import work_export

    work_export(export_id=UUID(export_id), at=timezone.now())


@shared_task
def sweep_exports() -> None:
    """Find again the imports that nobody works on, and forget those that nobody started."""
    from dext_connector.exports.bringing import drop_forgotten, standing_still

    for export_id in standing_still():
        import_export.delay(export_id=str(export_id))
    drop_forgotten(at=timezone.now())
