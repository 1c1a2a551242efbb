"""The company switch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firms.access import person, signed_in
from firms.models import Company, Role
from firms.recent import recent_ids

SHOWN = 100


@signed_in
def companies(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    visible = Company.objects.visible_to(person(request)).select_related("firm")
    last = {company.pk: company for company in visible.filter(pk__in=recent_ids(request))}
    found = list(visible.search(words).in_french_order()[: SHOWN + 1])
    context = {
        "words": words,
        "recent": [last[key] for key in recent_ids(request) if key in last and not words],
        "companies": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "administers": person(request).memberships.filter(is_active=True, role=Role.ADMINISTRATOR).exists(),
    }
    return render(request, "firms/companies.html", context)
