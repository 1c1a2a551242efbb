"""The pages of purchases: the list, the detail, and the deeds of a person who mends one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from achats.browsing.listing import Listing
from achats.browsing.surroundings import surroundings_of
from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable, correct_invoice
from achats.changing.relining import LinesRefused, correct_with_lines
from achats.sheets.line_fields import with_lines_moved
from achats.sheets.purchase import InvoicePage, just_published
from achats.sheets.purchase_forms import CorrectionForm
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right, grants
from ledger.models import Account


@require_safe
@company_page()
def invoice_list(request: Asked, company: Company) -> HttpResponse:
    """The list that the URL asks for; an htmx request takes its results and tabs alone."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    context = {
        "company": company,
        "listing": listing,
        "page": listing.page(after=request.GET.get("apres", ""), before=request.GET.get("avant", "")),
        "around": surroundings_of(listing, person=person(request)),
        "may_write": grants(company.role, Right.WRITE),
        "now": timezone.now().isoformat(),
    }
    template = "achats/list.html#fragment" if request.htmx else "achats/list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@company_page()
def invoice_detail(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """A purchase: its document beside its data, and the match with its reasons."""
    return _detail(request, company, InvoicePage(company, invoice_id))


@require_safe
@company_page()
def invoice_viewer(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """The document alone, asked for until its pages are rendered; `?a-cote` with its name, beside the list."""
    purchase = InvoicePage(company, invoice_id)
    context = {"company": company, "purchase": purchase, "invoice": purchase.invoice, "is_window": False}
    template = "achats/beside.html" if "a-cote" in request.GET else "achats/detail.html#viewer"
    return render(request, template, context)


@require_safe
@company_page()
def document_window(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Double page »: the document in a second window, which follows the purchase of the first."""
    purchase = InvoicePage(company, invoice_id)
    context = {"company": company, "purchase": purchase, "invoice": purchase.invoice, "is_window": True}
    return render(request, "achats/document_window.html", context)


@require_POST
@company_page(Right.WRITE)
def correct(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """Store what a person mended; « Enregistrer et suivant » goes on to the next of the list."""
    purchase = InvoicePage(company, invoice_id)
    moved = with_lines_moved(request.POST)
    form = _form(purchase, moved or request.POST)
    if moved is not None:
        form.forget_errors()
        return _detail(request, company, purchase, form)
    if not form.is_valid():
        return _detail(request, company, purchase, form, status=422)
    return _corrected(request, company, purchase, form, **form.deed())


@require_POST
@company_page(Right.WRITE)
def take_account(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """Put the account that was proposed on the lines that have none."""
    purchase = InvoicePage(company, invoice_id)
    accounts = Account.objects.filter(company=company).for_purchases()
    account = get_object_or_404(accounts, code=request.POST.get("compte", ""))
    lines = {line.pk: {"account": account} for line in purchase.lines if line.account is None}
    return _corrected(request, company, purchase, lines=lines)


@require_POST
@company_page(Right.WRITE)
def keep_both(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """Say that this is no duplicate."""
    return _corrected(request, company, InvoicePage(company, invoice_id), changes={"is_duplicate_allowed": True})


def _corrected(request, company: Company, purchase: InvoicePage, form=None, **changes) -> HttpResponse:
    place, end = _next_place(request, company, purchase)
    deed = correct_with_lines if "wanted" in changes else correct_invoice
    try:
        row = deed(invoice=purchase.invoice, by=person(request), at=timezone.now(), **changes)
    except (InvoiceNotEditable, FieldNotEditable, LinesRefused) as refusal:
        messages.error(request, str(refusal))
        return _detail(request, company, InvoicePage(company, purchase.invoice.pk), form, status=409)
    messages.success(request, f"Enregistré : {row}, {row.get_status_display().lower()}.{end}")
    return redirect(place)


def _next_place(request: HttpRequest, company: Company, purchase: InvoicePage) -> tuple[str, str]:
    """Where a correction leads: the same page, or the next of the list as it was before the row left it.

    After the last one the list, and the words that say so.
    """
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if "suivante" not in request.POST:
        return reverse("achats:detail", args=[company.pk, purchase.invoice.pk]) + query, ""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    following = listing.neighbours(purchase.invoice)["following"]
    if following:
        return reverse("achats:detail", args=[company.pk, following]) + query, ""
    return reverse("achats:list", args=[company.pk]) + query, " C’était la dernière de la liste."


def _detail(request, company: Company, purchase: InvoicePage, form=None, *, status: int = 200) -> HttpResponse:
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    may_write = grants(company.role, Right.WRITE)
    context = {
        "company": company,
        "purchase": purchase,
        "invoice": purchase.invoice,
        "may_write": may_write,
        "is_window": False,
        "form": (form or _form(purchase)) if may_write and purchase.is_open else None,
        "neighbours": listing.neighbours(purchase.invoice),
        "published": just_published(company, request.GET.get("publiee", "")) if may_write else None,
    }
    return render(request, "achats/detail.html", context, status=status)


def _form(purchase: InvoicePage, data=None) -> CorrectionForm:
    return CorrectionForm(
        data,
        invoice=purchase.invoice,
        lines=purchase.lines,
        today=timezone.localdate(),
        received=purchase.received,
    )
