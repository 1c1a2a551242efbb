"""Rows of a company that Dext keeps a copy of: what the admin does to them is told, so that Dext reads them again."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from firms.access import person
from firms.events import record_event


class ToldAdmin(admin.ModelAdmin):
    """Writes `<told>.changed` for a row that is saved, `<told>.deleted` for one that is no more."""

    told: ClassVar[str]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._tell(request, obj, "changed")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._tell(request, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self._tell(request, row, "deleted")
        super().delete_queryset(request, queryset)

    def _tell(self, request: HttpRequest, row: Model, what: str) -> None:
        company = row.company  # type: ignore[attr-defined]
        record_event(company=company, kind=f"{self.told}.{what}", subject_id=row.pk, by=person(request))
