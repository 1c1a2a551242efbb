"""The deeds of a purchase of mixed VAT: split it as proposed, or take that back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from achats.changing.editing import InvoiceNotEditable
from achats.changing.splitting import NothingToUnite, SplitNotProposed, split_vat, unite_lines
from achats.sheets.purchase import InvoicePage
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right


@require_POST
@company_page(Right.WRITE)
def split(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Ventiler ainsi »: the lines of the proposal that was pressed."""
    invoice, key = InvoicePage(company, invoice_id).invoice, request.POST.get("repartition", "")
    try:
        row = split_vat(invoice=invoice, key=key, by=person(request), at=timezone.now())
        messages.success(request, f"TVA ventilée en {row.lines.count()} lignes : le total et la TVA n’ont pas changé.")
    except (InvoiceNotEditable, SplitNotProposed) as refusal:
        messages.error(request, str(refusal))
    return redirect(_page_of(request, company, invoice_id))


@require_POST
@company_page(Right.WRITE)
def unite(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Revenir à une ligne »."""
    invoice = InvoicePage(company, invoice_id).invoice
    try:
        unite_lines(invoice=invoice, by=person(request), at=timezone.now())
        messages.success(request, "La facture est revenue à une ligne.")
    except (InvoiceNotEditable, NothingToUnite) as refusal:
        messages.error(request, str(refusal))
    return redirect(_page_of(request, company, invoice_id))


def _page_of(request: HttpRequest, company: Company, invoice_id: UUID) -> str:
    """The same page, in the same list."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("achats:detail", args=[company.pk, invoice_id]) + query
