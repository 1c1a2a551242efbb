"""The documents of refused publishes: `DOCUMENTS_DIR`/refused, one file a reception, for as long as it may be replayed.

They stand apart from the documents of purchases, which are shared by content and never go.
"""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from achats.documents.storing import write_whole
from dext_connector.models import Fate, InboxItem

KEPT = timedelta(days=90)
AT_ONCE = 1_000


def kept_path(reception_id: UUID) -> Path:
    """The file of a reception; the last figures of its id are the random ones."""
    name = reception_id.hex
    return Path(settings.DOCUMENTS_DIR) / "refused" / name[-2:] / name


def keep_file(reception_id: UUID, data: bytes) -> None:
    """Raises OSError (a full disk)."""
    write_whole(kept_path(reception_id), data)


def kept_bytes(reception: InboxItem) -> bytes | None:
    """The document that came with a refused publish; None where none came, or it is kept no more."""
    path = kept_path(reception.pk)
    return path.read_bytes() if reception.is_document_kept and path.is_file() else None


def forget_files(*, at: datetime) -> int:
    """Drop the files of receptions that were replayed, or are older than 90 days; → how many. May run twice."""
    replayed = Exists(InboxItem.objects.filter(replayed_from=OuterRef("pk"), fate=Fate.CREATED))
    rows = InboxItem.objects.filter(Q(received_at__lt=at - KEPT) | Q(replayed), is_document_kept=True)
    gone = list(rows.order_by("received_at").values_list("pk", flat=True)[:AT_ONCE])
    for reception_id in gone:
        kept_path(reception_id).unlink(missing_ok=True)
    InboxItem.objects.filter(pk__in=gone).update(is_document_kept=False)
    return len(gone)
