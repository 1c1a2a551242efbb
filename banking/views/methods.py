"""The page that draws payment methods on bank accounts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from banking.accounts.mapping import map_payment_methods
from banking.imports.forms import MappingForm
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right, grants


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def payment_methods(request: HttpRequest, company: Company) -> HttpResponse:
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    form = MappingForm(request.POST if request.method == "POST" else None, company=company)
    if form.is_bound and form.is_valid():
        map_payment_methods(company=company, chosen=form.chosen(), by=person(request))
        messages.success(request, "Moyens de paiement enregistrés. Le rapprochement en tient compte.")
        return redirect("banking:methods", company.pk)
    context = {"company": company, "form": form, "may_write": may_write}
    return render(request, "banking/methods.html", context, status=422 if form.errors else 200)
