"""What the worker does for `achats`."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from achats.rendering import never_rendered, render


@shared_task
def render_document(*, document_id: str) -> None:
    """Render the pages of one document; may run twice."""
    render(document_id=UUID(document_id), at=timezone.now())


@shared_task
def sweep_unrendered() -> None:
    """Find again the documents whose message was lost."""
    for document_id in never_rendered(at=timezone.now()):
        render_document.delay(document_id=str(document_id))
