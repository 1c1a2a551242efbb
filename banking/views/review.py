"""The page « Rapprochement », one of its pairs, and the search of a pair."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from banking.models import BankTransaction
from banking.review.finding import Offer, offer_for
from banking.review.page import ReviewPage
from banking.review.runs import progress_of
from banking.review.tabs import every_line
from banking.views.review_answers import place_of, review_context, row_context, uuids
from firms.access import Asked, company_page
from firms.models import Company
from firms.roles import Right


@require_safe
@company_page()
def review(request: HttpRequest, company: Company) -> HttpResponse:
    page = ReviewPage(company, request.GET)
    context = review_context(page) | {
        "progress": progress_of(company, request.GET.get("relance", ""), now=timezone.now())
    }
    is_searching = page.open_id is not None and "chercher" in request.GET
    line = next((row for row in page.page.rows if row.pk == page.open_id), None)
    context["offer"] = _offer(request, line) if is_searching and line else None
    return render(request, "banking/review.html", context)


@require_safe
@company_page()
def pair(request: Asked, company: Company, line_id: UUID) -> HttpResponse:
    """One line as it stands now."""
    line = get_object_or_404(every_line(company), pk=line_id)
    page = ReviewPage(company, request.GET)
    if not request.htmx:
        return redirect(place_of(page, line))
    response = render(request, "banking/review_pair.html", row_context(page, page.pair_of(line)))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@company_page(Right.WRITE)
def search(request: Asked, company: Company, line_id: UUID) -> HttpResponse:
    """What may be chosen for a line, found by `q`; what was ticked before stays ticked."""
    line = get_object_or_404(every_line(company), pk=line_id)
    page = ReviewPage(company, request.GET)
    context = row_context(page, page.pair_of(line)) | {"offer": _offer(request, line)}
    part = "#results" if "q" in request.GET else ""
    return render(request, f"banking/review_search.html{part}", context)


def _offer(request: HttpRequest, line: BankTransaction) -> Offer:
    chosen, also = uuids(request.GET.getlist("facture")), uuids(request.GET.getlist("ligne_aussi"))
    return offer_for(line, search=request.GET.get("q", "").strip()[:100], chosen=chosen, also=also)
