"""What accountants see of Dext: its connection and settings."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dext_connector.connections.forms import IntegrationSettingsForm
from dext_connector.connections.integration import settings_of, update_settings
from dext_connector.connections.opening import close_connection, connection_of
from dext_connector.connections.states import standing_of
from dext_connector.webhooks.standing import standings_of
from firms.access import company_page, person
from firms.models import Company
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


@require_POST
@company_page(Right.WRITE)
def disconnect(request: HttpRequest, company: Company) -> HttpResponse:
    close_connection(connection=connection_of(company), by=person(request), at=timezone.now())
    messages.success(request, f"{company.name} est déconnecté de Dext.")
    return redirect("dext_connector:connection", company.pk)


def _standing(company: Company) -> dict:
    """Where the connection stands, the last reception, and what Dext is told."""
    now = timezone.now()
    standing = standing_of(company, at=now)
    return {
        "state": standing.state,
        "connection": standing.connection,
        "last": standing.last,
        "standings": standings_of(company, at=now),
    }
