"""Every row of an export through the same door as a publish of Dext: the same checks, the same fate, the same inbox.

One row is one transaction that also writes its `ExportRow`: a worker killed midway goes on where it stopped, two
workers take turns, and nothing is published twice.
"""

from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction

from achats.models import PurchaseInvoice
from achats.recording import AlreadyRecorded
from dext_connector.calls.idempotency import AlreadyPublished
from dext_connector.errors import problem_of
from dext_connector.exports.archive import Archive
from dext_connector.exports.bringing import SEEN_FOR_SECONDS, seen_key
from dext_connector.exports.reading import read_export
from dext_connector.exports.rows import ExportedRow
from dext_connector.inbox import keep_refusal
from dext_connector.models import DextConnection, ExportImport, ExportRow, ExportState, InboxItem, Outcome
from dext_connector.payloads import Sent, SentDocument
from dext_connector.publishing import publish_item
from dext_connector.receiving import digest_of
from dext_connector.serializers.items import external_id_of, glance_at, read_item
from firms.events import record_event


def work_export(*, export_id: UUID, at: datetime) -> None:
    """Publish the rows that have no outcome yet, then finish. May run twice, or beside itself."""
    found = ExportImport.objects.select_related("company__firm", "by").filter(pk=export_id, state=ExportState.RUNNING)
    if (export := found.first()) is None:
        return
    with export.file.open("rb") as opened:
        file = cast(BinaryIO, opened)
        _publish_rows(export, file, at)
    _finish(export, at)


def _publish_rows(export: ExportImport, file: BinaryIO, at: datetime) -> None:
    company = export.company
    read = read_export(file, filename=export.filename, currency=company.currency, date_order=export.date_order)
    done = set(export.rows.values_list("position", flat=True))
    for row in read.rows:
        if row.line not in done:
            cache.set(seen_key(export.pk), 1, timeout=SEEN_FOR_SECONDS)
            _take(export, row, read.archive, at)


def _take(export: ExportImport, row: ExportedRow, archive: Archive, at: datetime) -> None:
    """One row, whatever comes of it; only a database that is away stops the others, and they are taken later."""
    sent = _sent(export, row, None)
    try:
        sent = _sent(export, row, archive)
        _publish(export, row, sent, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # every row has a fate, that of our own faults too
        _refuse(export, row, sent, error, at)


@transaction.atomic
def _publish(export: ExportImport, row: ExportedRow, sent: Sent, at: datetime) -> None:
    if not _is_ours(export, row):
        return
    publication = publish_item(
        # An export needs no connection, and opens none: publishing reads its company alone.
        connection=DextConnection(company=export.company),
        item=read_item(row.payload),
        sent=sent,
        by=export.by,
        received_at=at,
        base_url=settings.BASE_URL or "/",
    )
    known = InboxItem.objects.for_company(export.company).filter(external_id=sent.external_id)
    reception = known.get(request_id=sent.request_id)
    outcome = Outcome.KNOWN if publication.is_replay else Outcome.CREATED
    _note(export, row, outcome=outcome, reception=reception, invoice=reception.invoice)


@transaction.atomic
def _refuse(export: ExportImport, row: ExportedRow, sent: Sent, error: Exception, at: datetime) -> None:
    if not _is_ours(export, row):
        return
    problem, meaning = problem_of(error, request_id=sent.request_id, base_url=settings.BASE_URL or "/")
    reception = keep_refusal(
        company=export.company,
        sent=sent,
        http_status=meaning.status,
        answer=problem,
        by=export.by,
        at=at,
        holds_key=False,
    )
    existing = error.existing if isinstance(error, AlreadyPublished | AlreadyRecorded) else None
    outcome = Outcome.KNOWN if existing else Outcome.FAILED if meaning.status >= 500 else Outcome.REFUSED
    _note(export, row, outcome=outcome, reception=reception, invoice=existing, message=problem["message"])


def _is_ours(export: ExportImport, row: ExportedRow) -> bool:
    """Whether nobody took this row; others wait for the end of our transaction to ask."""
    ExportImport.objects.select_for_update().get(pk=export.pk)
    return not export.rows.filter(position=row.line).exists()


def _note(
    export: ExportImport,
    row: ExportedRow,
    *,
    outcome: Outcome,
    reception: InboxItem,
    invoice: PurchaseInvoice | None,
    message: str = "",
) -> None:
    glance = glance_at(row.payload)
    ExportRow.objects.create(
        company=export.company,
        export=export,
        position=row.line,
        external_id=external_id_of(row.payload),
        supplier_name=glance.supplier[:200],
        total=row.payload.get("total", "")[:40],
        outcome=outcome,
        message=message,
        reception=reception,
        invoice=invoice,
    )


def _sent(export: ExportImport, row: ExportedRow, archive: Archive | None) -> Sent:
    """As it would come over the wire; without `archive` without its file. Raises UnreadableExport (its file)."""
    document = None
    if archive and row.file:
        document = SentDocument(filename=row.file, content=archive.read(row.file))
    return Sent(
        payload=row.payload,
        digest=digest_of(row.payload, document),
        external_id=external_id_of(row.payload),
        request_id=f"{export.pk.hex}{row.line:x}",
        document=document,
    )


@transaction.atomic
def _finish(export: ExportImport, at: datetime) -> None:
    """Every row has its outcome: the file goes."""
    row = ExportImport.objects.select_for_update().get(pk=export.pk)
    if row.state != ExportState.RUNNING:
        return
    storage, name = row.file.storage, str(row.file.name)
    row.state, row.finished_at, row.file = ExportState.FINISHED, at, ""
    row.save(update_fields=["state", "finished_at", "file"])
    record_event(company=row.company, kind="export.imported", subject_id=row.pk, by=row.by, at=at)
    transaction.on_commit(lambda: storage.delete(name), robust=True)
