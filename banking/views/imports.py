"""The page that imports statements, and says what came of each file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from banking.forms import StatementForm
from banking.importing import REFUSALS, import_statement
from banking.models import StatementImport
from firms.access import company_page, person
from firms.models import Company
from firms.roles import Right, grants
from firms.typography import format_count

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def statement_imports(request: HttpRequest, company: Company) -> HttpResponse:
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    form = StatementForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        for file in form.cleaned_data["statements"]:
            _import(request, company, file, create_account=form.cleaned_data["create_account"])
        return redirect("banking:imports", company.pk)
    context = {"company": company, "form": form, "may_write": may_write, "imports": _imports(company)}
    return render(request, "banking/imports.html", context, status=422 if form.errors else 200)


def _import(request: HttpRequest, company: Company, file: UploadedFile, *, create_account: bool) -> None:
    """One file, with a sentence on it; one refused does not stop the others."""
    try:
        brought = import_statement(
            company=company,
            data=file.read(),
            filename=file.name or "relevé",
            by=person(request),
            create_account=create_account,
        )
    except REFUSALS as refusal:
        messages.error(request, f"{file.name} : {refusal.message}")
    else:
        messages.success(request, f"{file.name} : {_told(brought)}")


def _told(brought: StatementImport) -> str:
    if not brought.added:
        return brought.message or "Aucune ligne nouvelle."
    added = f"{format_count(brought.added)} {'ligne nouvelle' if brought.added == 1 else 'lignes nouvelles'}"
    one = brought.known == 1
    known = f" {format_count(brought.known)} {'ligne déjà connue n’a' if one else 'lignes déjà connues n’ont'} pas été "
    known += "doublée." if one else "doublées."
    return f"{added}.{known if brought.known else ''} {brought.message}".strip()


def _imports(company: Company) -> list[StatementImport]:
    rows = StatementImport.objects.filter(company=company).select_related("by").prefetch_related("statements__account")
    return list(rows.annotate(since=Min("statements__opening_on"), until=Max("statements__closing_on"))[:SHOWN])
