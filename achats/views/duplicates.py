"""« Doublons »: two purchases that look like one, side by side, and the three things one may decide."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from achats.changing.restoring import CannotRestore, may_be_taken_back, restore_invoice, undo_decision
from achats.duplicates.deciding import InvoiceNotEditable, PairDecided, cancel_one, keep_both, merge
from achats.duplicates.pairs import PairPage, pair_page
from achats.models import PurchaseInvoice
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right, grants

KEPT = "Gardées toutes les deux : elles ne seront plus signalées ensemble."


@require_safe
@company_page()
def duplicates(request: HttpRequest, company: Company) -> HttpResponse:
    """The pair that the URL names, else the oldest."""
    return _page(request, company, pair_page(company, _asked(request.GET)))


@require_POST
@company_page(Right.WRITE)
def decide(request: HttpRequest, company: Company, first_id: UUID, second_id: UUID) -> HttpResponse:
    """What was pressed; then the next pair, or, where somebody was quicker or the books refuse, why."""
    mine = PurchaseInvoice.objects.for_company(company)
    first, second = (get_object_or_404(mine, pk=pk) for pk in (first_id, second_id))
    following = pair_page(company, second_id).following
    try:
        messages.success(request, _decided(request, first, second))
    except (PairDecided, InvoiceNotEditable) as refusal:
        messages.warning(request, str(refusal))
        return _page(request, company, pair_page(company, second_id), status=409)
    query = {"paire": following} if following else {}
    return redirect(_place(company, query | {"fait": f"{first.pk}~{second.pk}"}))


@require_POST
@company_page(Right.WRITE)
def undo(request: HttpRequest, company: Company, first_id: UUID, second_id: UUID) -> HttpResponse:
    """Take back what was decided of a pair, which is shown again."""
    mine = PurchaseInvoice.objects.for_company(company)
    first, second = (get_object_or_404(mine, pk=pk) for pk in (first_id, second_id))
    try:
        undo_decision(first=first, second=second, by=person(request), at=timezone.now())
        messages.success(request, "Décision annulée\u00a0: la paire est de nouveau à examiner.")
    except (CannotRestore, InvoiceNotEditable) as refusal:
        messages.warning(request, str(refusal))
    return redirect(_place(company, {"paire": second.pk}))


@require_POST
@company_page(Right.WRITE)
def restore(request: HttpRequest, company: Company, invoice_id: UUID) -> HttpResponse:
    """« Rétablir la facture », from the page of one that was cancelled."""
    invoice = get_object_or_404(PurchaseInvoice.objects.for_company(company), pk=invoice_id)
    try:
        row = restore_invoice(invoice=invoice, by=person(request), at=timezone.now())
        messages.success(request, f"Rétablie\u00a0: {row}, {row.get_status_display().lower()}.")
    except CannotRestore as refusal:
        messages.warning(request, str(refusal))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("achats:detail", args=[company.pk, invoice.pk]) + query)


def _place(company: Company, query: dict) -> str:
    return reverse("achats:duplicates", args=[company.pk]) + (f"?{urlencode(query)}" if query else "")


def _decided(request: HttpRequest, first: PurchaseInvoice, second: PurchaseInvoice) -> str:
    """Do what the button says; → the sentence that tells it."""
    deed: dict[str, Any] = {"first": first, "second": second, "by": person(request), "at": timezone.now()}
    match request.POST.get("geste"):
        case "annuler-b":
            cancel_one(cancelled=second, **deed)
            return f"Annulée : {second}. {first} reste."
        case "annuler-a":
            cancel_one(cancelled=first, **deed)
            return f"Annulée : {first}. {second} reste."
        case "fusionner":
            merge(**deed)
            return f"Réunies : {first} a reçu la pièce et la note de l’autre, qui est annulée."
    keep_both(**deed)
    return KEPT


def _page(request: HttpRequest, company: Company, page: PairPage, *, status: int = 200) -> HttpResponse:
    may_write = grants(company.role, Right.WRITE)
    decided = _decided_before(company, request.GET.get("fait", "")) if may_write else None
    context = {"company": company, "page": page, "may_write": may_write, "decided": decided}
    return render(request, "achats/duplicates.html", context, status=status)


def _decided_before(company: Company, fact: str) -> tuple[PurchaseInvoice, PurchaseInvoice] | None:
    """The pair decided last, « first~second », where that may be taken back: one query, or none."""
    try:
        ids = [UUID(text) for text in fact.split("~")]
    except ValueError:
        return None
    found = PurchaseInvoice.objects.for_company(company).in_bulk(ids)
    if len(ids) != 2 or len(found) != 2:
        return None
    first, second = (found[pk] for pk in ids)
    return (first, second) if may_be_taken_back(first, second) else None


def _asked(query: QueryDict) -> UUID | None:
    try:
        return UUID(query.get("paire", ""))
    except ValueError:
        return None
