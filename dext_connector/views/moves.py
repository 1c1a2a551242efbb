"""« Où est ma facture ? », and « Déplacer vers le bon dossier »."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dext_connector.models import InboxItem
from dext_connector.receptions.moving import InvoiceNotEditable, NotMovable, is_movable, move_of, move_publication
from dext_connector.receptions.opened import find_reception
from dext_connector.receptions.whereabouts import whereabouts as whereabouts_of
from dext_connector.views.receptions import base_url
from firms.access import companies_to_write, company_page, person, signed_in
from firms.models import Company
from firms.roles import Right


@require_safe
@signed_in
def whereabouts(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = whereabouts_of(person(request), search) if search else []
    return render(request, "dext_connector/whereabouts.html", {"search": search, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def move(request: HttpRequest, company: Company, reception_id: UUID) -> HttpResponse:
    """First to which company, then what the purchase would lose there, then the deed."""
    row = find_reception(company, str(reception_id))
    if row is None or row.invoice is None:
        raise Http404("Cette réception n’existe pas, ou elle n’a pas fait de facture.")
    target = _target(request)
    if request.method == "POST" and target:
        return _move(request, row, target)
    others = companies_to_write(person(request)).exclude(pk=company.pk).select_related("firm").in_french_order()
    context: dict[str, Any] = {"company": company, "row": row, "target": target, "companies": others}
    context |= {"plan": move_of(row, target) if target else None, "is_movable": is_movable(row.invoice)}
    return render(request, "dext_connector/move.html", context)


def _target(request: HttpRequest) -> Company | None:
    """The company that the form names. Raises Http404 where the person may not write in it, or there is none."""
    named = (request.POST if request.method == "POST" else request.GET).get("vers", "")
    try:
        return get_object_or_404(companies_to_write(person(request)), pk=UUID(named)) if named else None
    except ValueError as error:
        raise Http404 from error


def _move(request: HttpRequest, row: InboxItem, target: Company) -> HttpResponse:
    """Do it, and open the purchase where it is now."""
    try:
        arrived = move_publication(
            reception=row, target=target, by=person(request), at=timezone.now(), base_url=base_url(request)
        )
    except (NotMovable, InvoiceNotEditable) as refusal:
        messages.error(request, str(refusal))
        return redirect("dext_connector:move", row.company_id, row.pk)
    messages.success(
        request, f"Déplacée\u00a0: la facture est maintenant dans {target}, et annulée dans {row.company}."
    )
    return redirect("achats:detail", target.pk, arrived.invoice_id)
