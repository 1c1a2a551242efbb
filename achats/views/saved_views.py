"""« Mes vues »: keep the filter of the list, rename it, forget it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from achats.browsing.listing import Listing
from achats.browsing.saved_views import ViewNameRefused, delete_view, rename_view, save_view
from firms.access import company_page, person
from firms.models import Company


@require_POST
@company_page()
def save(request: HttpRequest, company: Company) -> HttpResponse:
    """Keep what the URL asks under the name that was typed."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    try:
        view = save_view(company=company, user=person(request), name=request.POST.get("nom", ""), query=listing.query)
        messages.success(request, f"Vue «\u00a0{view}\u00a0» enregistrée.")
    except ViewNameRefused as refusal:
        messages.error(request, str(refusal))
    return _back(request, company)


@require_POST
@company_page()
def rename(request: HttpRequest, company: Company, view_id: UUID) -> HttpResponse:
    name = request.POST.get("nom", "")
    try:
        rename_view(company=company, user=person(request), view_id=view_id, name=name)
        messages.success(request, f"Vue renommée\u00a0: «\u00a0{name.strip()}\u00a0».")
    except ViewNameRefused as refusal:
        messages.error(request, str(refusal))
    return _back(request, company)


@require_POST
@company_page()
def delete(request: HttpRequest, company: Company, view_id: UUID) -> HttpResponse:
    delete_view(company=company, user=person(request), view_id=view_id)
    messages.success(request, "Vue supprimée.")
    return _back(request, company)


def _back(request: HttpRequest, company: Company) -> HttpResponse:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("achats:list", args=[company.pk]) + query)
