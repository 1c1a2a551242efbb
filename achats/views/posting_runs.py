"""« Publier » of many: what it would do, its progress, and its undo; in the list, or on a page of its own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from achats.browsing.listing import Listing, shown
from achats.browsing.surroundings import tab_counts
from achats.models import PostingRun, PurchaseInvoice, PurchaseInvoiceQuerySet
from achats.selection.posting_choices import amount_of, choice_of, ready_among, rows_of
from achats.selection.posting_runs import NothingToPost, ask_to_post, ask_to_undo, badges_in_words
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.paging import SIZE
from firms.roles import Right


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def choose(request: Asked, company: Company) -> HttpResponse:
    """How many of the chosen (`facture`, else all of the filter) would be published, and why not the others.

    Changes nothing; without the script the selection posts what is ticked.
    """
    asked = request.POST if request.method == "POST" else request.GET
    chosen = [] if "toutes" in asked else asked.getlist("facture") + asked.getlist("ids")
    if request.method == "POST" and not chosen and "toutes" not in asked:
        messages.error(request, "Cochez d’abord des factures.")
        return redirect(reverse("achats:list", args=[company.pk]) + _query(request.GET))
    return _shown(request, company, {"choice": choice_of(_rows(request, company, chosen)), "chosen": chosen})


@require_POST
@company_page(Right.WRITE)
def start(request: Asked, company: Company) -> HttpResponse:
    """Ask the worker to publish them."""
    ready = ready_among(_rows(request, company, request.POST.getlist("facture")))
    try:
        run = ask_to_post(company=company, invoice_ids=ready, by=person(request), at=timezone.now())
    except NothingToPost as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("achats:list", args=[company.pk]) + _query(request.GET))
    return _run(request, company, run)


@require_safe
@company_page()
def progress(request: Asked, company: Company, run_id: UUID) -> HttpResponse:
    """« Publication : 7 sur 9 », until it is finished; then what came of it."""
    run = get_object_or_404(PostingRun.objects.defer("asked"), company=company, pk=run_id)
    return _shown(request, company, _facts(run) | _lines(request, company, run))


@require_POST
@company_page(Right.WRITE)
def undo(request: Asked, company: Company, run_id: UUID) -> HttpResponse:
    """Ask the worker to take back what the run published."""
    run = get_object_or_404(PostingRun.objects.defer("asked"), company=company, pk=run_id)
    try:
        undoing = ask_to_undo(run=run, by=person(request), at=timezone.now())
    except NothingToPost as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("achats:list", args=[company.pk]) + _query(request.GET))
    return _run(request, company, undoing)


def _rows(request: HttpRequest, company: Company, chosen: list[str]) -> PurchaseInvoiceQuerySet:
    if chosen:
        return rows_of(company, [UUID(text) for text in chosen if _is_id(text)])
    return Listing.from_query(company, request.GET, today=timezone.localdate()).rows()


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _run(request: Asked, company: Company, run: PostingRun) -> HttpResponse:
    if not request.htmx:
        return redirect(reverse("achats:posting_run", args=[company.pk, run.pk]) + _query(request.GET))
    return _shown(request, company, _facts(run))


def _facts(run: PostingRun) -> dict:
    is_over = run.finished_at is not None
    return {
        "run": run,
        "amount": amount_of(run) if is_over and not run.undoes_id else None,
        "left": badges_in_words(run.refused),
        "left_count": sum(run.refused.values()),
        "may_be_undone": is_over and bool(run.changed) and not run.undoes_id and not hasattr(run, "undone_by"),
    }


def _lines(request: Asked, company: Company, run: PostingRun) -> dict:
    """What a finished run changed in the page that followed it: its lines, where they stand on one page, and counts."""
    if run.finished_at is None or run.total > SIZE or not request.htmx:
        return {}
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    return {
        "rows": list(shown(PurchaseInvoice.objects.for_company(company).filter(pk__in=run.asked))),
        "listing": listing,
        "around": {"counts": {} if listing.is_filtered else tab_counts(listing)},
        "may_write": True,
    }


def _shown(request: Asked, company: Company, facts: dict) -> HttpResponse:
    query = request.GET.copy()
    for name in ("facture", "ids", "toutes"):
        query.pop(name, None)
    context = {"company": company, "query": _query(query), "choice": None, "run": None, "rows": []} | facts
    template = "achats/posting_run.html" if request.htmx else "achats/posting_page.html"
    return render(request, template, context)


def _query(query: QueryDict) -> str:
    return f"?{query.urlencode()}" if query else ""
