"""Receptions as a CSV file that a French spreadsheet opens by itself: UTF-8 with its mark, « ; », CRLF."""

from collections.abc import Iterator

from django.utils import timezone

from dext_connector.models import InboxItem, InboxItemQuerySet
from firms.csv_files import lines_of

HEAD = (
    "Reçue le", "Référence Dext", "Fournisseur", "Total", "Devise", "Sort", "Statut HTTP", "Message montré dans Dext",
    "Statut de la facture", "Numéro de facture", "Pièce", "Durée (ms)", "Clé d’idempotence", "Par",
    "Référence de la requête",
)  # fmt: skip
ROWS_A_READ = 1_000


def csv_of(rows: InboxItemQuerySet) -> Iterator[bytes]:
    """The file, line by line, newest first; the rows are read as it is sent."""
    found = rows.select_related("invoice", "by").order_by("-id").iterator(chunk_size=ROWS_A_READ)
    return lines_of(HEAD, map(_cells, found))


def _cells(row: InboxItem) -> list[str]:
    return [
        f"{timezone.localtime(row.received_at):%d/%m/%Y %H:%M:%S}",
        row.external_id,
        row.supplier_name,
        "" if row.total is None else f"{row.total:.2f}".replace(".", ","),
        row.currency,
        row.get_fate_display(),
        str(row.http_status),
        row.answer.get("message", ""),
        row.invoice.get_status_display() if row.invoice else "",
        row.invoice.reference if row.invoice else "",
        row.document_name,
        "" if row.duration_ms is None else str(row.duration_ms),
        row.received_key,
        str(row.by or ""),
        row.request_id,
    ]
