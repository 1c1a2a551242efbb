"""The page that names, once, the columns of a bank's CSV."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from banking.imports.answering import ImportChanged, name_columns
from banking.imports.column_forms import ColumnsForm
from banking.imports.holdings import amount
from banking.imports.import_words import came_of, level_of
from banking.imports.importing import read_soon
from banking.models import ImportState, StatementImport
from banking.statements.csv_preview import preview
from banking.statements.statement import UnreadableStatement
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right
from firms.typography import format_count, format_money


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(Right.WRITE)
def csv_columns(request: Asked, company: Company, import_id: UUID) -> HttpResponse:
    asking = StatementImport.objects.filter(company=company, pk=import_id, state=ImportState.NEEDS_COLUMNS).first()
    if asking is None:
        messages.warning(request, str(ImportChanged()))
        return redirect("banking:imports", company.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, asked=asking.asked)
    if form.is_bound and "verify" not in request.POST and form.is_valid() and not _reading(form)[1]:
        return _kept(request, company, asking, form)
    reading, refusal = _reading(form if form.is_bound else form.as_supposed())
    context = {"company": company, "form": form, "asking": asking, "reading": reading, "refusal": refusal}
    is_refused = form.is_bound and "verify" not in request.POST
    part = "#reading" if request.htmx else ""
    return render(request, f"banking/columns.html{part}", context, status=422 if is_refused else 200)


def _kept(request: Asked, company: Company, asking: StatementImport, form: ColumnsForm) -> HttpResponse:
    try:
        told = name_columns(
            company=company,
            import_id=asking.pk,
            mapping=form.mapping,
            name=form.cleaned_data["name"],
            by=person(request),
        )
        brought = read_soon(told, at=timezone.now())
        messages.add_message(request, level_of(brought), f"{brought.filename} : {came_of(brought)}")
    except ImportChanged as change:
        messages.warning(request, str(change))
    return redirect("banking:imports", company.pk)


def _reading(form: ColumnsForm) -> tuple[str, str]:
    """« 20 dates lues, somme −1 204,35 € », or why not."""
    form.is_valid()
    mapping = getattr(form, "mapping", None)
    if mapping is None:
        return "", " ".join([*form.non_field_errors(), *form.errors.get("date_order", [])])
    try:
        read = preview(mapping, form.asked["header"], form.asked["rows"])
    except UnreadableStatement as refusal:
        return "", refusal.message
    days = f"{format_count(read.lines)} {'date lue' if read.lines < 2 else 'dates lues'}"
    return f"{days}, somme {format_money(amount(read.total_cents, read.currency), read.currency)}", ""
