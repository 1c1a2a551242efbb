"""« Règles fournisseur »: what Dext had, what MEG proposes, what people decide of it; and the sheet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dext_connector.rules.exporting import SheetRefused, apply_sheet, export_rules
from dext_connector.rules.forms import SheetForm, open_accounts
from dext_connector.rules.listing import BY_SUPPLIER, TABS, counts_of, rows_of, rules_to_show
from dext_connector.rules.sheets import SheetUnreadable, read_sheet
from dext_connector.rules.undoing import last_deed
from firms.access import company_page, person
from firms.models import Company
from firms.paging import key_page
from firms.roles import Right, grants


@require_safe
@company_page()
def rules(request: HttpRequest, company: Company) -> HttpResponse:
    """The archived rules of one tab, fifty a page."""
    tab, search = request.GET.get("onglet", "a-decider"), request.GET.get("q", "").replace("\0", "").strip()[:100]
    tab = tab if tab in TABS else "a-decider"
    found = rules_to_show(company, tab=tab, search=search)
    page = key_page(found, BY_SUPPLIER, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {"company": company, "tab": tab, "search": search, "page": page, "rows": rows_of(company, page.rows)}
    context |= rules_context(company) | {"accounts": open_accounts(company)}
    return render(request, "dext_connector/rules.html", context)


@require_safe
@company_page()
def export(request: HttpRequest, company: Company) -> HttpResponse:
    """The archive with its proposals, for a spreadsheet."""
    name = f"regles-{company.code}-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(export_rules(company), content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def import_sheet(request: HttpRequest, company: Company) -> HttpResponse:
    """The mended sheet back: all of it, or every fault by line."""
    if not grants(company.role, Right.WRITE):
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    faults = _applied(request, company, form) if form.is_bound and form.is_valid() else []
    if form.is_bound and form.is_valid() and not faults:
        return redirect("dext_connector:rules", company.pk)
    context = {"company": company, "form": form, "faults": faults}
    return render(request, "dext_connector/rules_import.html", context, status=422 if form.is_bound else 200)


def _applied(request: HttpRequest, company: Company, form: SheetForm) -> list:
    """Apply the sheet; its faults, or what stopped it said on the form."""
    try:
        lines = read_sheet(form.cleaned_data["feuille"].read())
        deed = apply_sheet(company=company, lines=lines, by=person(request), at=timezone.now())
    except SheetUnreadable as unreadable:
        form.add_error("feuille", str(unreadable))
        return []
    except SheetRefused as refused:
        return refused.faults
    messages.success(request, f"{deed}." if deed else "La feuille ne change rien.")
    return []


def rules_context(company: Company) -> dict:
    """What the head of the page shows, after a deed too."""
    counts = counts_of(company)
    tabs = [(name, words, counts[name.replace("-", "_")]) for name, (words, _) in TABS.items()]
    return {
        "counts": counts,
        "tabs": tabs,
        "deed": last_deed(company),
        "may_write": grants(company.role, Right.WRITE),
    }
