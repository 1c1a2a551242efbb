"""Firms and companies in Django's admin: created the way the commands and pages create them."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from desk.opening import equip_company
from dext_connector.connections.integration import defaults_of
from firms.access import person
from firms.models import Company, Firm


@admin.register(Firm)
class FirmAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "created_at"]
    search_fields = ["code", "name"]

    def save_model(self, request: HttpRequest, firm: Firm, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, firm, form, change)
        defaults_of(firm)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "siren", "firm", "is_active"]
    list_filter = ["is_active", ("firm", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["firm"]
    search_fields = ["code", "name", "siren"]
    autocomplete_fields = ["firm"]

    def save_model(self, request: HttpRequest, company: Company, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, company, form, change)
        if not change:
            equip_company(company=company, by=person(request))
