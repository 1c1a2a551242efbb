"""A run of the engine that a person asks for, and how far it has come."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from banking.match_asking import ask_for_match
from banking.review.page import ReviewPage
from banking.review.runs import Progress, progress_of
from firms.access import Asked, company_page
from firms.models import Company
from firms.roles import Right


@require_POST
@company_page(Right.WRITE)
def ask(request: Asked, company: Company) -> HttpResponse:
    """Ask the worker for a run; the page then looks for it each second."""
    now = timezone.now()
    ask_for_match(company_id=company.pk)
    if request.htmx:
        return _shown(request, company, Progress(now, None, is_late=False, is_forgotten=False))
    query = ReviewPage(company, request.GET).query
    asked = urlencode({"relance": now.isoformat()})
    return redirect(f"{reverse('banking:review', args=[company.pk])}?{query}{'&' if query else ''}{asked}#execution")


@require_safe
@company_page()
def progress(request: HttpRequest, company: Company) -> HttpResponse:
    """The run asked for at `relance`, or that nothing of it is seen yet."""
    told = progress_of(company, request.GET.get("relance", ""), now=timezone.now())
    return _shown(request, company, told)


def _shown(request: HttpRequest, company: Company, told: Progress | None) -> HttpResponse:
    context = {"company": company, "progress": told, "review": ReviewPage(company, request.GET)}
    return render(request, "banking/review_run.html", context)
