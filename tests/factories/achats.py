"""Rows of `achats` for tests.

- `draft(**fields)`: an `InvoiceDraft` of 12,00 with 2,00 of VAT, of « Fournitures du Nord ».
- `PurchaseInvoiceFactory(company=…, account=…, **fields)`: a purchase recorded from it by `record_invoice`; `account`
  is a code of the chart (None: it lacks one), `documents` its documents.
- `SupplierFactory`, `PaymentMethodFactory`, `DocumentFactory(data=…)` (stored, its bytes on the disk).
- `pdf(pages=1)`, `photo()`: bytes of small real files, each different.
"""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from achats.documents.keeping import store_document
from achats.drafts import InvoiceDraft, LineDraft
from achats.models import Document, Kind, MethodKind, Origin, PaymentMethod, PurchaseInvoice, Supplier
from achats.recording import record_invoice
from tests.factories.firms import CompanyFactory

NOW = datetime(2019, 10, 1, 9, tzinfo=UTC)
USUAL_ACCOUNT = "62570000"
_serial = count(1)


def draft(**fields) -> InvoiceDraft:
    usual = {
        "kind": Kind.INVOICE,
        "supplier_name": "Fournitures du Nord",
        "issued_on": date(2019, 9, 25),
        "currency": "EUR",
        "gross_amount": Decimal("12.00"),
        "vat_amount": Decimal("2.00"),
    }
    return InvoiceDraft(**usual | fields)


def line(gross: str, **fields) -> LineDraft:
    return LineDraft(gross_amount=Decimal(gross), **fields)


class PurchaseInvoiceFactory(DjangoModelFactory):
    class Meta:
        model = PurchaseInvoice

    company = factory.SubFactory(CompanyFactory)

    @classmethod
    def _create(cls, model_class, *args, company, account=USUAL_ACCOUNT, by=None, at=NOW, documents=(), **fields):
        sent = draft(**fields)
        if not sent.lines:
            row = company.accounts.get(code=account) if account else None
            whole = line(f"{sent.gross_amount:f}", vat_amount=sent.vat_amount, account=row, account_origin=Origin.NAMED)
            sent = draft(**fields, lines=(whole,))
        return record_invoice(company=company, draft=sent, by=by, at=at, documents=documents)


class SupplierFactory(DjangoModelFactory):
    class Meta:
        model = Supplier

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"Fournisseur {n}")


class PaymentMethodFactory(DjangoModelFactory):
    class Meta:
        model = PaymentMethod

    company = factory.SubFactory(CompanyFactory)
    label = factory.Sequence(lambda n: f"Paiement {n}")
    kind = MethodKind.CARD


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    company = factory.SubFactory(CompanyFactory)

    @classmethod
    def _create(cls, model_class, *args, company, data=None, filename="ticket.png"):
        return store_document(company=company, data=data or photo(), filename=filename)


def photo(size: tuple[int, int] = (40, 60), kind: str = "PNG", **options) -> bytes:
    """A small photograph, never the same twice."""
    file = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.putpixel((0, 0), (next(_serial) % 256, next(_serial) // 256 % 256, 0))
    image.save(file, format=kind, **options)
    return file.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A small PDF, never the same twice."""
    file = io.BytesIO()
    sheets = [Image.new("RGB", (100, 140 + next(_serial) % 50), "white") for _ in range(pages)]
    sheets[0].save(file, format="PDF", save_all=True, append_images=sheets[1:], title=f"Facture {next(_serial)}")
    return file.getvalue()
