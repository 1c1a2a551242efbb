"""The page of a client who has no account: the payments whose documents are asked for, and what he brings.

The link is all he shows. He sees of each payment its label, day and amount, and nothing else of the company.
"""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from achats.documents.keeping import FileTooLarge, UnknownFileType
from banking.models import PieceRequest
from banking.pieces.bringing import NoFile, TooManyFiles, bring_pieces
from banking.pieces.limiting import TooManyTries, count_bringing, count_opening, read_file
from banking.pieces.requesting import RequestEnded, find_request
from firms.addresses import client_address
from firms.typography import NBSP

ENDED, HELD_BACK = 410, 429


@never_cache
@require_safe
def requested(request: HttpRequest, token: str) -> HttpResponse:
    try:
        count_opening(client_address(request))
        asked = find_request(token, at=timezone.now())
    except RequestEnded as ended:
        return _ended(request, str(ended), ENDED)
    except TooManyTries as tries:
        return _ended(request, str(tries), HELD_BACK)
    lines = asked.lines.select_related("transaction__account", "invoice").prefetch_related("invoice__attachments")
    context = {"asked": asked, "token": token, "lines": list(lines.order_by("transaction__booked_on", "id"))}
    return _unlisted(render(request, "banking/pieces_public.html", context))


@never_cache
@require_POST
def bring(request: HttpRequest, token: str, line_id: UUID) -> HttpResponse:
    """The files of one payment; then the page again, at that payment."""
    try:
        count_bringing(client_address(request), token)
        asked = find_request(token, at=timezone.now())
        messages.success(request, _brought(request, asked, line_id))
    except RequestEnded as ended:
        return _ended(request, str(ended), ENDED)
    except TooManyTries as tries:
        return _ended(request, str(tries), HELD_BACK)
    except (NoFile, TooManyFiles, FileTooLarge, UnknownFileType) as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("banking:pieces_public", args=[token]) + f"#l-{line_id}")


def _brought(request: HttpRequest, asked: PieceRequest, line_id: UUID) -> str:
    """Keep what came; → the sentence that says so."""
    sent = [file for name in ("photo", "pieces") for file in request.FILES.getlist(name)]
    files = [read_file(file) for file in sent if isinstance(file, UploadedFile)]
    bring_pieces(request=asked, line_id=line_id, files=files, at=timezone.now())
    return f"Merci{NBSP}! {len(files)}{NBSP}fichiers reçus." if len(files) > 1 else f"Merci{NBSP}! Le fichier est reçu."


def _ended(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return _unlisted(render(request, "banking/pieces_ended.html", {"sentence": sentence}, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
