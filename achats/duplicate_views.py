"""« Doublons »: two purchases that look like one, side by side, and the three things one may decide."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from achats.deciding_duplicates import InvoiceNotEditable, PairDecided, cancel_one, keep_both, merge
from achats.duplicate_pairs import PairPage, pair_page
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
    query = f"?paire={following}" if following else ""
    return redirect(reverse("achats:duplicates", args=[company.pk]) + query)


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
    context = {"company": company, "page": page, "may_write": grants(company.role, Right.WRITE)}
    return render(request, "achats/duplicates.html", context, status=status)


def _asked(query: QueryDict) -> UUID | None:
    try:
        return UUID(query.get("paire", ""))
    except ValueError:
        return None
