"""Keep the file that proves a purchase, once per content, and join it to the purchase."""

import hashlib
import re
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Max

from achats.documents.media_types import EXTENSIONS, media_type_of
from achats.documents.storing import keep_bytes
from achats.models import Document, InvoiceDocument, PurchaseInvoice
from achats.tasks import render_document
from firms.models import Company

MAX_BYTES = 20 * 1024 * 1024
KNOWN_TYPES = "PDF, JPEG, PNG, TIFF, HEIC, GIF, Factur-X, UBL ou CII"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class UnknownFileType(Exception):
    """The content is none of the types that MEG keeps. `str()` is one French sentence."""


class FileTooLarge(Exception):
    """The file exceeds MAX_BYTES. `str()` is one French sentence."""


def check_document(*, data: bytes, filename: str) -> str:
    """The media type of `data`, by its content. Raises UnknownFileType or FileTooLarge."""
    name = clean_filename(filename) or "sans nom"
    if len(data) > MAX_BYTES:
        raise FileTooLarge(f"Le fichier « {name} » pèse {_in_mebibytes(len(data))} Mo : 20 Mo au plus.")
    media_type = media_type_of(data)
    if media_type is None:
        raise UnknownFileType(f"Le fichier « {name} » n’est pas lisible par MEG : envoyez {KNOWN_TYPES}.")
    return media_type


@transaction.atomic
def store_document(*, company: Company, data: bytes, filename: str) -> Document:
    """Keep `data` for `company`; the same content twice is the same row. Its pages are rendered on commit.

    The bytes are on the disk before the row is: a crash leaves at most a file without a row. Raises UnknownFileType,
    FileTooLarge, or OSError where the disk refuses.
    """
    media_type = check_document(data=data, filename=filename)
    sha256 = hashlib.sha256(data).hexdigest()
    keep_bytes(sha256, data)
    name = clean_filename(filename) or f"piece.{EXTENSIONS[media_type]}"
    document, _ = Document.objects.get_or_create(
        company=company, sha256=sha256, defaults={"media_type": media_type, "filename": name, "size": len(data)}
    )
    if document.page_count is None and not document.rendering_error:
        ask = partial(render_document.delay, document_id=str(document.pk))
        transaction.on_commit(ask, robust=True)  # a lost message is found again by the sweep
    return document


def join_documents(invoice: PurchaseInvoice, documents: Sequence[Document]) -> list[InvoiceDocument]:
    """Join `documents` after those that `invoice` has. The caller assesses. Raises ValueError for another company's."""
    if any(document.company_id != invoice.company_id for document in documents):
        raise ValueError("the document is of another company")
    last = InvoiceDocument.objects.filter(invoice=invoice).aggregate(last=Max("position"))["last"] or 0
    return InvoiceDocument.objects.bulk_create(
        InvoiceDocument(company_id=invoice.company_id, invoice=invoice, document=document, position=position)
        for position, document in enumerate(documents, start=last + 1)
    )


def clean_filename(filename: str) -> str:
    """The last part of a name, without control characters, short enough to keep with its extension."""
    name = _CONTROLS.sub("", filename.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    if len(name) <= 200:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: 199 - len(extension)]}.{extension}" if dot and len(extension) <= 10 else name[:200]


def _in_mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",")
