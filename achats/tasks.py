"""What the worker does for `achats`."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from achats.documents.rendering import never_rendered, render
from achats.selection import correction_runs, posting_runs


@shared_task
def render_document(*, document_id: str) -> None:
    """Render the pages of one document; may run twice."""
    render(document_id=UUID(document_id), at=timezone.now())


@shared_task
def sweep_unrendered() -> None:
    """Find again the documents whose message was lost."""
    for document_id in never_rendered(at=timezone.now()):
        render_document.delay(document_id=str(document_id))


@shared_task
def advance_posting_run(*, run_id: str) -> None:
    """Publish the next purchases of a run, or take them back, and ask for the rest; may run twice."""
    if posting_runs.advance_some(run_id=UUID(run_id), clock=timezone.now):
        advance_posting_run.delay(run_id=run_id)


@shared_task
def advance_correction_run(*, run_id: str) -> None:
    """Change what is left of a run, or take it back; may run twice."""
    while correction_runs.advance(run_id=UUID(run_id), at=timezone.now()):
        pass


@shared_task
def sweep_correction_runs() -> None:
    """Find again the runs whose message was lost."""
    for run_id in correction_runs.runs_left_behind(at=timezone.now()):
        advance_correction_run.delay(run_id=str(run_id))


@shared_task
def sweep_posting_runs() -> None:
    """Find again the runs whose message was lost."""
    for run_id in posting_runs.runs_left_behind(at=timezone.now()):
        advance_posting_run.delay(run_id=str(run_id))
