"""What the list of purchases asks for once it stands: its total, what arrived since, a row, the field of an account."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from achats.browsing.listing import Listing, shown
from achats.browsing.surroundings import tab_counts
from achats.models import PurchaseInvoice
from achats.suppliers.habits import account_habits
from firms.access import company_page
from firms.models import Company
from firms.roles import Right, grants


@require_safe
@company_page()
def list_total(request: HttpRequest, company: Company) -> HttpResponse:
    """How many purchases the filter holds, and their sum: asked for by the page once it stands."""
    total = _listing(request, company).total()
    return render(request, "achats/list.html#total", {"company": company, "total": total})


@require_safe
@company_page()
def selection_total(request: HttpRequest, company: Company) -> HttpResponse:
    """The same, said by the selection that now holds all of the filter."""
    total = _listing(request, company).total()
    return render(request, "achats/selection.html#everything", {"company": company, "total": total})


@require_safe
@company_page()
def list_tabs(request: HttpRequest, company: Company) -> HttpResponse:
    """The tabs with how many rows each holds under the filters: asked for by a page of filtered rows once it stands."""
    listing = _listing(request, company)
    context = {"company": company, "listing": listing, "around": {"counts": tab_counts(listing)}}
    return render(request, "achats/tabs.html", context)


@require_safe
@company_page()
def arrivals(request: HttpRequest, company: Company) -> HttpResponse:
    """« 4 nouvelles factures. Afficher »: how many of the filter came after the page was read; 204 for none."""
    try:
        since = datetime.fromisoformat(request.GET.get("depuis", ""))
    except ValueError:
        return HttpResponse(status=204)
    number = _listing(request, company).arrived_since(since)
    if not number:
        return HttpResponse(status=204)
    return render(request, "achats/list.html#arrived", {"company": company, "number": number})


@require_safe
@company_page(Right.WRITE)
def account_field(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """The cell of the account as a field, the supplier's habits beside it."""
    invoice = get_object_or_404(PurchaseInvoice.objects.select_related("supplier"), company=company, pk=invoice_id)
    habits = account_habits(supplier=invoice.supplier, excluding=invoice) if invoice.supplier else []
    context = {"company": company, "invoice": invoice, "habits": habits}
    return render(request, "achats/account_field.html", context)


@require_safe
@company_page()
def list_row(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """One row as it stands."""
    row = get_object_or_404(shown(PurchaseInvoice.objects.for_company(company)), pk=invoice_id)
    context = {"company": company, "rows": [row], "may_write": grants(company.role, Right.WRITE)}
    return render(request, "achats/row_alone.html", context)


@require_safe
@company_page()
def row_match(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """What the bank says of a row, opened under it, with its deeds."""
    invoice = get_object_or_404(
        PurchaseInvoice.objects.select_related("payment_method"), company=company, pk=invoice_id
    )
    return render(request, "achats/row_match.html", {"company": company, "invoice": invoice})


def _listing(request: HttpRequest, company: Company) -> Listing:
    return Listing.from_query(company, request.GET, today=timezone.localdate())
