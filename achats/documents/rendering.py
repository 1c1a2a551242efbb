"""The pages of a document, rendered once by the worker, beside its bytes."""

import subprocess
import sys
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from achats.assessing import assess_and_store
from achats.changing.editing import lock_row
from achats.documents.page_images import DAMAGED
from achats.documents.storing import pages_folder, path_of
from achats.models import Document, PurchaseInvoice

PATIENCE_SECONDS = 120
LOST = "le fichier manque sur le disque."
TOO_SLOW = "le fichier est trop long à lire."
SWEPT_AFTER = timedelta(minutes=2)


def render(*, document_id: UUID, at: datetime) -> Document | None:
    """Render the pages of a document and store `page_count`, or `rendering_error` and warn its invoices.

    May run twice: the images are the same. None where the document is no more.
    """
    document = Document.objects.filter(pk=document_id).first()
    if document is None or document.page_count is not None:
        return document
    count, error = _render_apart(document)
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(page_count=count, rendering_error=error)
        if error:
            _warn(document, at)
    document.refresh_from_db()
    return document


def never_rendered(*, at: datetime) -> list[UUID]:
    """Documents whose message was lost: neither pages nor an error, SWEPT_AFTER their arrival."""
    waiting = Document.objects.filter(page_count=None, rendering_error="", created_at__lt=at - SWEPT_AFTER)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:500])


def _render_apart(document: Document) -> tuple[int | None, str]:
    """How many pages, or why none, from a process of its own."""
    source, folder = path_of(document.sha256), pages_folder(document.sha256)
    if not source.exists():
        return None, LOST
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "achats.documents.page_images", str(source), document.media_type, str(folder)]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None, TOO_SLOW
    said = done.stdout.strip()
    if done.returncode == 0 and said.isdecimal():
        return int(said), ""
    return None, said[:200] if done.returncode == 1 and said else DAMAGED


def _warn(document: Document, at: datetime) -> None:
    for invoice in PurchaseInvoice.objects.filter(attachments__document=document).order_by("id"):
        assess_and_store(lock_row(invoice), by=None, at=at)
