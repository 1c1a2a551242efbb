"""The door of MEG and the dashboard of a company."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from desk.dashboards import company_dashboard
from firms.access import company_page, person, signed_in
from firms.models import Company
from firms.recent import recent_ids


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The last company, or the only one, or the list."""
    visible = Company.objects.visible_to(person(request))
    last = visible.filter(pk__in=recent_ids(request)[:1]).first()
    some = [last] if last else list(visible[:2])
    return redirect("desk:dashboard", some[0].pk) if len(some) == 1 else redirect("firms:companies")


@company_page()
def dashboard(request: HttpRequest, company: Company) -> HttpResponse:
    context = {"company": company, "dashboard": company_dashboard(company=company, now=timezone.now())}
    return render(request, "desk/dashboard.html", context)
