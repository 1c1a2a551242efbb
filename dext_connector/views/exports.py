"""The pages that import an export of Dext: bring it, look at it, start it, see what came of each row."""

import csv
from collections.abc import Callable
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dext_connector.exports.bringing import NotWaiting, bring_export, drop_export, start_export
from dext_connector.exports.forms import DateOrderForm, ExportForm
from dext_connector.exports.showing import latest_imports, preview_of, progress_of, refusals_of
from dext_connector.exports.unreadable import UnreadableExport
from dext_connector.models import ExportImport, ExportState
from firms.access import Asked, company_page, person
from firms.models import Company
from firms.roles import Right, grants

HEAD = ("LIGNE", "RÉF. DEXT", "FOURNISSEUR", "TOTAL", "SORT", "MESSAGE")


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def exports(request: HttpRequest, company: Company) -> HttpResponse:
    """Bring an export; those that were brought before."""
    may_write = grants(company.role, Right.WRITE)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("Votre rôle ne permet que la lecture.")
    form = ExportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid() and (export := _bring(request, company, form)):
        return redirect("dext_connector:export", company.pk, export.pk)
    context = {"company": company, "form": form, "may_write": may_write, "imports": latest_imports(company)}
    return render(request, "dext_connector/exports.html", context, status=422 if form.errors else 200)


@require_safe
@company_page()
def export(request: Asked, company: Company, export_id: UUID) -> HttpResponse:
    """What an export says before it is started; how far it is, and what came of it, once it is."""
    row = _export(company, export_id)
    context = {"company": company, "export": row, "may_write": grants(company.role, Right.WRITE)}
    if row.state == ExportState.LOOKED_AT:
        return _preview(request, context)
    context |= {"progress": progress_of(row), "refusals": refusals_of(row)}
    template = "dext_connector/export.html#run" if request.htmx else "dext_connector/export.html"
    return render(request, template, context)


@require_POST
@company_page(Right.WRITE)
def start(request: HttpRequest, company: Company, export_id: UUID) -> HttpResponse:
    row, form = _export(company, export_id), DateOrderForm(request.POST)
    order = form.cleaned_data["date_order"] if form.is_valid() else ""
    return _done(request, row, lambda: start_export(export=row, date_order=order))


@require_POST
@company_page(Right.WRITE)
def drop(request: HttpRequest, company: Company, export_id: UUID) -> HttpResponse:
    row = _export(company, export_id)
    try:
        drop_export(export=row)
        messages.success(request, "Import abandonné : rien n’a été enregistré.")
    except NotWaiting as refusal:
        messages.error(request, str(refusal))
    return redirect("dext_connector:exports", company.pk)


@require_safe
@company_page()
def refusals(request: HttpRequest, company: Company, export_id: UUID) -> HttpResponse:
    """The rows that were not taken, as a CSV that French spreadsheets open."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refus-dext.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(HEAD)
    for row in refusals_of(_export(company, export_id)):
        cells = (row.external_id, row.supplier_name, row.total, row.get_outcome_display(), row.message)
        writer.writerow([row.position, *map(_inert, cells)])
    return response


def _bring(request: HttpRequest, company: Company, form: ExportForm) -> ExportImport | None:
    """None where the file cannot be read: the form says why."""
    file = form.cleaned_data["export"]
    by, at = person(request), timezone.now()
    try:
        return bring_export(company=company, file=cast(BinaryIO, file), filename=file.name, by=by, at=at)
    except UnreadableExport as refusal:
        form.add_error("export", str(refusal))
        return None


def _preview(request: HttpRequest, context: dict) -> HttpResponse:
    try:
        context["preview"] = preview_of(context["export"], today=timezone.localdate())
    except UnreadableExport as refusal:
        messages.error(request, str(refusal))
        return redirect("dext_connector:exports", context["company"].pk)
    return render(request, "dext_connector/export_preview.html", context | {"form": DateOrderForm()})


def _done(request: HttpRequest, row: ExportImport, deed: Callable[[], object]) -> HttpResponse:
    try:
        deed()
    except (NotWaiting, UnreadableExport) as refusal:
        messages.error(request, str(refusal))
    return redirect("dext_connector:export", row.company_id, row.pk)


def _export(company: Company, export_id: UUID) -> ExportImport:
    return get_object_or_404(ExportImport.objects.select_related("company", "by"), pk=export_id, company=company)


def _inert(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
