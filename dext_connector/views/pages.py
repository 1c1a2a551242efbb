"""What accountants see of Dext: its settings, and what it sent."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from dext_connector.forms import IntegrationSettingsForm
from dext_connector.integration import settings_of, update_settings
from dext_connector.models import DextConnection, InboxItem
from dext_connector.receptions import NEWEST, TABS, counts_of, receptions_of, shown
from dext_connector.webhooks.standing import standings_of
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.paging import key_page
from firms.roles import Right, grants


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def connection(request: HttpRequest, company: Company) -> HttpResponse:
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    settings = settings_of(company)
    form = IntegrationSettingsForm(request.POST if request.method == "POST" else None, instance=settings)
    if form.is_bound and form.is_valid():
        update_settings(company=company, sent=form.sent(), by=person(request), at=timezone.now())
        messages.success(request, "Paramètres de l’intégration enregistrés.")
        return redirect("dext_connector:connection", company.pk)
    context = {"company": company, "form": form, "may_write": may_write, **_standing(company)}
    return render(request, "dext_connector/connection.html", context, status=422 if form.errors else 200)


@require_safe
@company_page()
def receipts(request: Asked, company: Company) -> HttpResponse:
    fate, search = request.GET.get("sort", ""), request.GET.get("q", "").replace("\0", "").strip()[:100]
    fate = fate if fate in TABS else ""
    rows = receptions_of(company, fate=fate, search=search)
    page = key_page(rows, NEWEST, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "fate": fate, "search": search, "page": page}
    context["receptions"] = [shown(row) for row in page.rows]
    template = "dext_connector/receipts.html"
    if not request.htmx:
        counts = counts_of(company)
        context["tabs"] = [(name, words, counts[name]) for name, words in TABS.items()]
    response = render(request, f"{template}#results" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _standing(company: Company) -> dict:
    """The connection, whether it holds and for how long, the last reception, and what Dext is told."""
    row = DextConnection.objects.select_related("connected_by").filter(company=company).first()
    now = timezone.now()
    return {
        "connection": row,
        "is_open": row is not None and row.disconnected_at is None and row.expires_at > now,
        "ends_soon": row is not None and row.expires_at - now < timedelta(days=30),
        "standings": standings_of(company),
        "last": InboxItem.objects.for_company(company).first(),
    }
