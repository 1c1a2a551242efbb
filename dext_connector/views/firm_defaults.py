"""« Paramètres du Compte Automatisés »: what the firm's new companies start with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dext_connector.connections.forms import FirmDefaultsForm
from dext_connector.connections.integration import defaults_of, update_defaults
from firms.access import firm_page
from firms.models import Firm


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def firm_defaults(request: HttpRequest, firm: Firm) -> HttpResponse:
    form = FirmDefaultsForm(request.POST if request.method == "POST" else None, instance=defaults_of(firm))
    if form.is_bound and form.is_valid():
        update_defaults(firm=firm, sent=form.sent())
        messages.success(request, "Paramètres du compte automatisés enregistrés.")
        return redirect(request.get_full_path())
    context = {"firm": firm, "form": form}
    return render(request, "dext_connector/firm_defaults.html", context, status=422 if form.errors else 200)
