"""The purchases of a filter, as a file to keep."""

import tempfile

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from achats.browsing.exporting import csv_of, write_xlsx
from achats.browsing.listing import Listing
from firms.access import Asked, company_page
from firms.models import Company

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_IN_MEMORY = 1024**2


@require_safe
@company_page()
def export_csv(request: Asked, company: Company) -> HttpResponseBase:
    """Exactly what the list holds under the same address."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    response = StreamingHttpResponse(csv_of(listing), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(company)}.csv"'
    return response


@require_safe
@company_page()
def export_xlsx(request: Asked, company: Company) -> HttpResponseBase:
    """The same as a workbook."""
    listing = Listing.from_query(company, request.GET, today=timezone.localdate())
    file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 # the response closes it
    write_xlsx(listing, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{_name(company)}.xlsx", content_type=XLSX)


def _name(company: Company) -> str:
    return f"achats-{company.code}-{timezone.localdate():%Y-%m-%d}"
