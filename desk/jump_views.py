"""« Aller à… »: a dialog of every page, and a page of its own without the script."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from desk.jump import LONGEST, destinations
from firms.access import Asked, company_page, person, signed_in
from firms.models import Company
from firms.recent import recent_ids


@require_safe
@signed_in
def jump(request: Asked) -> HttpResponse:
    return answer(request, None)


@require_safe
@company_page()
def jump_in_company(request: Asked, company: Company) -> HttpResponse:
    return answer(request, company)


def answer(request: Asked, company: Company | None) -> HttpResponse:
    """The groups alone where htmx asks, else the page; `company` is where one stands."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    recent = [known for known in recent_ids(request) if company is None or known != company.pk]
    groups = destinations(user=person(request), company=company, text=text, recent=recent)
    context = {"text": text, "groups": groups} | ({"company": company} if company else {})
    response = render(request, "desk/jump.html#found" if request.htmx else "desk/jump.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
