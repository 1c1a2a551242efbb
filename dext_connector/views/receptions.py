"""« Réceptions Dext »: the journal, an opened row, its document, the export, « Rejouer »."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from dext_connector.models import InboxItem
from dext_connector.receptions.exporting import csv_of
from dext_connector.receptions.kept_files import kept_path
from dext_connector.receptions.listing import Journal, elsewhere
from dext_connector.receptions.opened import find_reception, opened
from dext_connector.receptions.replaying import NotReplayable, Replays, replay_mended, replay_reception
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right, grants
from firms.typography import format_count

TEMPLATE = "dext_connector/receipts.html"


@require_safe
@company_page()
def receipts(request: Asked, company: Company) -> HttpResponse:
    at, user = timezone.now(), person(request)
    journal = Journal.from_query(company, user, request.GET)
    reading = journal.read(at=at)
    page = journal.page(reading, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    row = find_reception(company, request.GET.get("ouverte", ""))
    rows = [row, *page.rows] if row and row not in page.rows else page.rows
    context = {"company": company, "journal": journal, "tabs": reading.tabs, "page": page}
    context["receptions"] = [reading.shown(shown) for shown in rows]
    context["opened"] = opened(row, user=user, at=at) if row else None
    context["elsewhere"] = elsewhere(user, company, journal.search) if journal.search and not rows else []
    context["may_write"] = grants(company.role, Right.WRITE)
    response = render(request, f"{TEMPLATE}#results" if request.htmx else TEMPLATE, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@company_page()
def export(request: HttpRequest, company: Company) -> StreamingHttpResponse:
    """Exactly what the page has filtered, whatever its page."""
    rows = Journal.from_query(company, person(request), request.GET).rows()
    name = f"receptions-dext-{company.code}-{timezone.localdate():%Y-%m-%d}.csv"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return StreamingHttpResponse(
        csv_of(rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition or ""}
    )


@require_safe
@company_page()
def document(request: HttpRequest, company: Company, reception_id: UUID) -> FileResponse:
    """The file that came with a refusal: only ever saved, never shown, whatever it is."""
    row = get_object_or_404(InboxItem, company=company, pk=reception_id, is_document_kept=True)
    path = kept_path(row.pk)
    if not path.is_file():
        raise Http404("Cette pièce n’est plus gardée.")
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=row.document_name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@company_page(Right.WRITE)
def replay(request: HttpRequest, company: Company, reception_id: UUID) -> HttpResponse:
    row = get_object_or_404(InboxItem, company=company, pk=reception_id)
    try:
        made = replay_reception(reception=row, by=person(request), at=timezone.now(), base_url=base_url(request))
        messages.success(request, f"Rejouée\u00a0: {made.invoice} est dans Achats.")
    except NotReplayable as refusal:
        messages.error(request, str(refusal))
    query = request.GET.copy()
    query["ouverte"] = str(row.pk)
    return redirect(f"{reverse('dext_connector:receipts', args=[company.pk])}?{query.urlencode()}#r-{row.pk}")


@require_POST
@company_page(Right.WRITE)
def replay_all(request: HttpRequest, company: Company) -> HttpResponse:
    """What can be replayed of the refusals that the page has filtered."""
    journal, at = Journal.from_query(company, person(request), request.GET), timezone.now()
    told = replay_mended(receptions=journal.rows(), by=journal.user, at=at, base_url=base_url(request))
    messages.success(request, _in_words(told))
    return redirect(f"{reverse('dext_connector:receipts', args=[company.pk])}?{request.GET.urlencode()}")


def _in_words(told: Replays) -> str:
    if not told.done:
        return "Aucun refus n’est corrigé\u00a0: ouvrez-en un pour lire ce qui bloque encore."
    done = f"{format_count(told.done)}\u00a0refus rejoué{'s' if told.done > 1 else ''}."
    return (
        f"{done} {format_count(told.blocked)} reste{'nt' if told.blocked > 1 else ''} à corriger."
        if told.blocked
        else done
    )


def base_url(request: HttpRequest) -> str:
    """Where the addresses in what Dext is answered start."""
    return settings.BASE_URL or request.build_absolute_uri("/")
