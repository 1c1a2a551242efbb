"""The only door to documents, in and out: the company is checked, and a browser runs nothing of what they hold."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from achats.changing.editing import InvoiceNotEditable
from achats.documents.attaching import attach_document
from achats.documents.keeping import FileTooLarge, UnknownFileType, store_document
from achats.documents.media_types import HEIC, PDF, PHOTOS
from achats.documents.storing import page_path, path_of
from achats.models import Document, PurchaseInvoice
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right

INLINE = {PDF, HEIC, *PHOTOS}
# `sandbox` puts the file in an origin of its own, without scripts; images and styles of its own are all it may show.
POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
UNKNOWN = "Cette pièce n’existe pas, ou vous n’y avez pas accès."


@require_safe
@company_page()
def document_original(request: HttpRequest, company: Company, document_id: UUID) -> HttpResponseBase:
    """The file as it came: shown where it is a PDF or a photograph, else downloaded."""
    document = get_object_or_404(Document, company=company, pk=document_id)
    name = {"filename": document.filename, "as_attachment": document.media_type not in INLINE}
    return _served(request, path_of(document.sha256), document.media_type, document.sha256, **name)


@require_safe
@company_page()
def document_page(request: HttpRequest, company: Company, document_id: UUID, number: int) -> HttpResponseBase:
    """The image of one page, from 1."""
    document = get_object_or_404(Document, company=company, pk=document_id)
    return _served(request, page_path(document.sha256, number), "image/webp", f"{document.sha256}-{number}")


@require_POST
@company_page(Right.WRITE)
def attach(request: Asked, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Joindre la pièce »: the file of a purchase that came without one, or one more of it."""
    invoice = get_object_or_404(PurchaseInvoice, company=company, pk=invoice_id)
    file = request.FILES.get("piece")
    if isinstance(file, UploadedFile):
        _attached(request, invoice, file)
    else:
        messages.error(request, "Aucun fichier n’a été choisi.")
    query = request.GET.urlencode()
    return redirect(reverse("achats:detail", args=[company.pk, invoice.pk]) + (f"?{query}" if query else ""))


def _attached(request: Asked, invoice: PurchaseInvoice, file: UploadedFile) -> None:
    try:
        document = store_document(company=invoice.company, data=file.read(), filename=file.name or "")
        is_new = attach_document(invoice=invoice, document=document, by=person(request), at=timezone.now())
    except (UnknownFileType, FileTooLarge, InvoiceNotEditable) as refusal:
        messages.error(request, str(refusal))
    else:
        words = "est jointe à la facture." if is_new else "était déjà jointe à la facture."
        messages.success(request, f"« {document.filename} » {words}")


def _served(request: HttpRequest, path: Path, media_type: str, etag: str, **name) -> HttpResponseBase:
    if not path.is_file():
        raise Http404(UNKNOWN)
    etag = f'"{etag}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or FileResponse(path.open("rb"), content_type=media_type, **name)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
