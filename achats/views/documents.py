"""The only door to documents: the company is checked, and a browser runs nothing of what they hold."""

from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from achats.documents.media_types import HEIC, PDF, PHOTOS
from achats.documents.storing import page_path, path_of
from achats.models import Document
from firms.access import company_page
from firms.models import Company

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
