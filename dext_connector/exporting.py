"""Receptions as a CSV file that a French spreadsheet opens by itself: UTF-8 with its mark, « ; », CRLF."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone

from dext_connector.models import InboxItem, InboxItemQuerySet

MARK = "\ufeff"
HEAD = (
    "Reçue le", "Référence Dext", "Fournisseur", "Total", "Devise", "Sort", "Statut HTTP", "Message montré dans Dext",
    "Statut de la facture", "Numéro de facture", "Pièce", "Durée (ms)", "Clé d’idempotence", "Par",
    "Référence de la requête",
)  # fmt: skip
# What a spreadsheet would take for a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
ROWS_A_READ = 1_000


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_of(rows: InboxItemQuerySet) -> Iterator[bytes]:
    """The file, line by line, newest first; the rows are read as it is sent."""
    found = rows.select_related("invoice", "by").order_by("-id").iterator(chunk_size=ROWS_A_READ)
    return lines_of(HEAD, map(_cells, found))


def lines_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield f"{MARK}{writer.writerow(head)}".encode()
    for cells in rows:
        yield str(writer.writerow([safe(cell) for cell in cells])).encode()


def safe(cell: str) -> str:
    """A text that begins as a formula does bears an apostrophe; a number does not need one."""
    is_number = cell.removeprefix("-").replace(",", "").isdecimal()
    return f"'{cell}" if cell.startswith(DANGEROUS) and not is_number else cell


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
