"""An export is brought, looked at, then started or dropped; until it is started nothing of it is in the books."""

from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from django.core.cache import cache
from django.core.files import File
from django.db import transaction

from achats.documents.keeping import clean_filename
from dext_connector.exports.reading import WHICH_ORDER, Export, UnreadableExport, read_export
from dext_connector.models import ExportImport, ExportState
from firms.models import Company, User
from firms.sending import send_on_commit

FORGOTTEN_AFTER = timedelta(days=1)
SEEN_FOR_SECONDS = 120


class NotWaiting(Exception):
    """The import was started, or dropped, already. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Cet import est déjà lancé.")


def bring_export(
    *, company: Company, file: BinaryIO, filename: str, by: User | None, at: datetime, date_order: str = ""
) -> ExportImport:
    """Keep a file that can be read, to be looked at. Raises UnreadableExport: then nothing is kept."""
    name = clean_filename(filename) or "export"
    read = read_export(file, filename=name, currency=company.currency, date_order=date_order)
    file.seek(0)
    return ExportImport.objects.create(
        company=company,
        filename=name,
        file=File(file, name=f"{uuid4().hex}.export"),
        date_order=read.date_order,
        row_count=len(read.rows),
        loose_files=len(read.loose_files),
        brought_at=at,
        by=by,
    )


def look_at(export: ExportImport) -> Export:
    """What its file says. Raises UnreadableExport where it is no longer there."""
    try:
        with export.file.open("rb") as file:
            return read_export(
                cast(BinaryIO, file),
                filename=export.filename,
                currency=export.company.currency,
                date_order=export.date_order,
            )
    except (OSError, ValueError) as error:
        raise UnreadableExport("Le fichier n’est plus gardé\u00a0: apportez-le de nouveau.") from error


@transaction.atomic
def start_export(*, export: ExportImport, date_order: str = "") -> ExportImport:
    """Have the worker import it once this commits. Raises NotWaiting, UnreadableExport (the order of dates lacks)."""
    row = _waiting(export)
    row.date_order = row.date_order or date_order
    if not row.date_order:
        raise UnreadableExport(WHICH_ORDER)
    row.state = ExportState.RUNNING
    row.save(update_fields=["state", "date_order"])
    send_on_commit("dext_connector.tasks.import_export", export_id=str(row.pk))
    return row


@transaction.atomic
def drop_export(*, export: ExportImport) -> None:
    """Forget what was only looked at. Raises NotWaiting."""
    row = _waiting(export)
    row.delete()
    transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)), robust=True)


def drop_forgotten(*, at: datetime) -> None:
    """What nobody started within a day."""
    waiting = ExportImport.objects.filter(state=ExportState.LOOKED_AT, brought_at__lt=at - FORGOTTEN_AFTER)
    for export in waiting:
        drop_export(export=export)


def standing_still() -> list[UUID]:
    """The imports that run and that no worker works on: their message was lost, or their worker killed."""
    running = ExportImport.objects.filter(state=ExportState.RUNNING).values_list("pk", flat=True)
    return [pk for pk in running if cache.add(seen_key(pk), 1, timeout=SEEN_FOR_SECONDS)]


def seen_key(export_id: UUID) -> str:
    """The key that says that a worker was seen on this import."""
    return f"export-works:{export_id}"


def _waiting(export: ExportImport) -> ExportImport:
    row = ExportImport.objects.select_for_update().filter(pk=export.pk, state=ExportState.LOOKED_AT).first()
    if row is None:
        raise NotWaiting
    return row
