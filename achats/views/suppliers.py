"""The page of a supplier, and the change of what is known of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from achats.sheets.supplier import SupplierPage
from achats.sheets.supplier_forms import SupplierForm
from achats.suppliers.editing import AliasTaken, edit_supplier
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right, grants


@require_safe
@company_page()
def supplier(request: HttpRequest, company: Company, supplier_id: UUID) -> HttpResponse:
    """Its invoices, what is usual for it, its rule and what is left to pay."""
    shown = SupplierPage(company, supplier_id, today=timezone.localdate())
    page = shown.page(after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "shown": shown, "page": page, "may_write": grants(company.role, Right.WRITE)}
    return render(request, "achats/supplier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def edit(request: HttpRequest, company: Company, supplier_id: UUID) -> HttpResponse:
    shown = SupplierPage(company, supplier_id, today=timezone.localdate())
    form = SupplierForm(request.POST if request.method == "POST" else None, shown=shown)
    if form.is_bound and form.is_valid() and _edited(request, shown, form):
        return redirect("achats:supplier", company.pk, supplier_id)
    context = {"company": company, "shown": shown, "form": form}
    return render(request, "achats/supplier_edit.html", context, status=422 if form.errors else 200)


def _edited(request: HttpRequest, shown: SupplierPage, form: SupplierForm) -> bool:
    """Whether it was stored; a name that leads elsewhere is told in the form."""
    try:
        row = edit_supplier(supplier=shown.supplier, by=person(request), at=timezone.now(), **form.told())
    except AliasTaken as taken:
        form.add_error("aliases", str(taken))
        return False
    messages.success(request, f"Fournisseur enregistré : {row}.")
    return True
