"""The purchases of a filter as a file: CSV line by line, XLSX in little memory; the same rows in the same order."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter

from achats.browsing.listing import Listing, told
from achats.models import PurchaseInvoice
from firms.csv_files import lines_of
from firms.typography import format_day

ROWS_A_READ = 2_000
Cell = str | date | Decimal | None

COLUMNS: dict[str, Callable[[PurchaseInvoice], Cell]] = {
    "Date": lambda row: row.issued_on,
    "Échéance": lambda row: row.due_on,
    "Fournisseur": lambda row: row.supplier_name,
    "N° de facture": lambda row: row.reference,
    "Type": lambda row: row.get_kind_display(),
    "Total TTC": lambda row: row.gross_amount * row.sign,
    "Devise": lambda row: row.currency,
    "TVA": lambda row: None if row.vat_amount is None else row.vat_amount * row.sign,
    "Total en devise de tenue": lambda row: row.signed_amount,
    "Paiement": lambda row: row.payment_label or str(row.payment_method or ""),
    "Règlement": lambda row: "Hors banque" if row.is_settled_off_bank else row.get_settlement_display(),
    "Comptes": lambda row: ", ".join(dict.fromkeys(row.accounts)),  # type: ignore[attr-defined] # annotated by `told`
    "Note": lambda row: row.note,
    "Pièce": lambda row: "Oui" if row.has_document else "Non",  # type: ignore[attr-defined] # annotated by `told`
    "Statut": lambda row: row.get_status_display(),
    "Motifs": lambda row: ", ".join(reason["badge"] for reason in row.reasons),
    "Référence d’origine": lambda row: row.external_id,
}
WIDTHS = {"Fournisseur": 28, "Paiement": 22, "Comptes": 34, "Note": 30, "Motifs": 24}


def csv_of(listing: Listing) -> Iterator[bytes]:
    """The file, line by line, its rows read as it is sent."""
    return lines_of(tuple(COLUMNS), (tuple(map(_in_words, cells)) for cells in _rows(listing)))


def write_xlsx(listing: Listing, file: IO[bytes]) -> None:
    """The same as a workbook: dates and amounts are numbers, a text is never a formula nor a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }
        sheet = book.add_worksheet("Achats")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, WIDTHS.get(name, 13))
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        for place, cells in enumerate(_rows(listing), start=1):
            for column, cell in enumerate(cells):
                sheet.write(place, column, cell, formats.get(type(cell)))


def _rows(listing: Listing) -> Iterator[tuple[Cell, ...]]:
    found = listing.order.applied(told(listing.rows())).iterator(chunk_size=ROWS_A_READ)
    return (tuple(read(row) for read in COLUMNS.values()) for row in found)


def _in_words(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return format_day(cell)
    return f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else cell
