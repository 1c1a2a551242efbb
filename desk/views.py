"""The door of MEG and the dashboard of a company."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from desk.dashboards import company_dashboard
from desk.first_steps import hide_first_steps, show_first_steps
from desk.purchase_sums import purchase_sums
from firms.access import Asked, company_page, person, signed_in
from firms.models import Company
from firms.recent import recent_ids
from firms.roles import Right, grants
from firms.typography import format_money


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The last company, or the only one, or the list."""
    visible = Company.objects.visible_to(person(request))
    last = visible.filter(pk__in=recent_ids(request)[:1]).first()
    some = [last] if last else list(visible[:2])
    return redirect("desk:dashboard", some[0].pk) if len(some) == 1 else redirect("firms:companies")


@company_page()
def dashboard(request: HttpRequest, company: Company) -> HttpResponse:
    shown = company_dashboard(company=company, now=timezone.now())
    context = {"company": company, "dashboard": shown, "may_write": grants(company.role, Right.WRITE)}
    return render(request, "desk/dashboard.html", context)


@require_POST
@company_page(Right.WRITE)
def first_steps(request: HttpRequest, company: Company) -> HttpResponse:
    """« Masquer », « Afficher les premières étapes »."""
    if request.POST.get("etapes") == "masquer":
        hide_first_steps(company=company, by=person(request), at=timezone.now())
    else:
        show_first_steps(company=company)
    return redirect("desk:dashboard", company.pk)


@company_page()
def charts(request: Asked, company: Company) -> HttpResponse:
    """Purchases by month and by account: a fragment of the dashboard, or a page of its own."""
    sums = purchase_sums(company=company, today=timezone.localdate())
    bars = [
        (month.short_name, month.name, month.net, format_money(month.net, company.currency)) for month in sums.months
    ]
    most = max((abs(one.net) for one in sums.accounts), default=0)
    context = {"company": company, "sums": sums, "bars": bars, "most": most}
    response = render(request, "desk/charts.html#sums" if request.htmx else "desk/charts.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
