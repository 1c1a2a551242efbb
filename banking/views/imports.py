"""The page that imports statements, says what came of each file, and asks what a file leaves out."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from banking.imports.answering import ImportChanged, answer_import, create_asked_account
from banking.imports.forms import AnswerForm, StatementForm
from banking.imports.import_listing import SHOWN, choices_of, imports_of
from banking.imports.import_words import came_of, level_of, undone
from banking.imports.importing import bring_statement, read_soon
from banking.imports.withdrawing import withdraw_import
from banking.models import BankAccount, StatementImport
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right, grants


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def statement_imports(request: Asked, company: Company, account_id: UUID | None = None) -> HttpResponse:
    """The last imports of the company, or of one account."""
    account = get_object_or_404(BankAccount, company=company, pk=account_id) if account_id else None
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    form = StatementForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        for file in form.cleaned_data["statements"]:
            _import(request, company, file, create_account=form.cleaned_data["create_account"])
        return _to_the_list(request, company)
    rows = list(imports_of(company, account)[:SHOWN])
    choices = choices_of(rows, company) if may_write else {}
    told = {"company": company, "account": account, "form": form, "may_write": may_write}
    context = {**told, "imports": rows, "choices": choices}
    return render(request, "banking/imports.html", context, status=422 if form.errors else 200)


def _import(request: HttpRequest, company: Company, file: UploadedFile, *, create_account: bool) -> None:
    """One file, with a sentence on it; one refused does not stop the others."""
    brought = bring_statement(
        company=company,
        chunks=file.chunks(),
        filename=file.name or "relevé",
        by=person(request),
        create_account=create_account,
    )
    _tell(request, read_soon(brought, at=timezone.now()))


def _tell(request: HttpRequest, brought: StatementImport) -> None:
    messages.add_message(request, level_of(brought), f"{brought.filename} : {came_of(brought)}")


def _to_the_list(request: Asked, company: Company) -> HttpResponse:
    """The page again: an upload with progress is htmx's, and the whole page has changed."""
    if request.htmx:
        return HttpResponseClientRedirect(reverse("banking:imports", args=[company.pk]))
    return redirect("banking:imports", company.pk)


@require_safe
@company_page()
def import_row(request: Asked, company: Company, import_id: UUID) -> HttpResponse:
    """One row, for the page that waits for it."""
    row = imports_of(company).filter(pk=import_id).first()
    if row is None:
        raise Http404
    if not request.htmx:
        return redirect(reverse("banking:imports", args=[company.pk]) + f"#i-{row.pk}")
    may_write = grants(company.role, Right.WRITE)
    context = {"company": company, "row": row, "may_write": may_write}
    context["choices"] = choices_of([row], company) if may_write else {}
    return render(request, "banking/imports.html#row", context)


@require_POST
@company_page(Right.WRITE)
def answer(request: HttpRequest, company: Company, import_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST, company=company)
    try:
        if "create" in request.POST:
            _tell(request, read_soon(create_asked_account(company=company, import_id=import_id), at=timezone.now()))
        elif form.is_valid():
            told = answer_import(company=company, import_id=import_id, **form.told())
            _tell(request, read_soon(told, at=timezone.now()))
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    except ImportChanged as change:
        messages.warning(request, str(change))
    return redirect(reverse("banking:imports", args=[company.pk]) + f"#i-{import_id}")


@require_POST
@company_page(Right.WRITE)
def withdraw(request: HttpRequest, company: Company, import_id: UUID) -> HttpResponse:
    try:
        gone = withdraw_import(company=company, import_id=import_id, by=person(request), at=timezone.now())
        messages.success(request, undone(gone))
    except ImportChanged as change:
        messages.warning(request, str(change))
    return redirect(reverse("banking:imports", args=[company.pk]) + f"#i-{import_id}")
