"""Exports of Dext for tests.

- `HEADER`: the columns of Dext's own CSV. `csv_of(*rows)`: its bytes; a row is what differs from Starbucks.
- `zip_of(csv, **files)`: the ZIP that Dext calls « CSV + images ».
"""

import csv
import io
from zipfile import ZIP_DEFLATED, ZipFile

HEADER = (
    "Receipt ID", "Type", "Date", "Due Date", "Invoice Number", "Supplier", "Category", "Customer", "Project",
    "Payment Method", "Bank Account", "Tax", "Total", "Currency", "Tax (EUR)", "Total (EUR)", "Status", "Owner",
    "Note", "Description", "Image",
)  # fmt: skip
STARBUCKS = {
    "Receipt ID": "88213", "Type": "Receipt", "Date": "25-Sep-2019", "Supplier": "Starbucks",
    "Category": "62570000 - Réceptions", "Payment Method": "Paiement Pro (1234)", "Tax": "0.44", "Total": "4.85",
    "Currency": "EUR", "Tax (EUR)": "0.44", "Total (EUR)": "4.85", "Status": "processed", "Owner": "Camille Martin",
}  # fmt: skip


def csv_of(*rows: dict[str, str], delimiter: str = ",", header: tuple[str, ...] = HEADER) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=delimiter, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**STARBUCKS, **row} for row in rows or ({},))
    return text.getvalue().encode()


def zip_of(data: bytes, files: dict[str, bytes] | None = None, name: str = "export.csv") -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        for path, content in (files or {}).items():
            archive.writestr(path, content)
    return made.getvalue()
