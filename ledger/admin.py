"""The chart, the VAT codes and the years of the companies in Django's admin."""

from django.contrib import admin

from ledger.models import Account, Bookkeeping, FiscalYear, VatCode


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):
    list_display = ["code", "label", "company", "default_vat_code", "is_purchase_allowed", "is_active"]
    list_filter = ["is_purchase_allowed", "is_active", ("company", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["company", "default_vat_code"]
    search_fields = ["code", "label", "company__code"]
    autocomplete_fields = ["company", "default_vat_code"]


@admin.register(VatCode)
class VatCodeAdmin(admin.ModelAdmin):
    list_display = ["code", "label", "company", "kind", "rate", "deductible_percent", "is_active"]
    list_filter = ["kind", "is_active", ("company", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["company"]
    search_fields = ["code", "label", "company__code"]
    autocomplete_fields = ["company"]


@admin.register(Bookkeeping)
class BookkeepingAdmin(admin.ModelAdmin):
    list_display = ["company", "vat_regime", "accounting_mode", "locked_until"]
    list_filter = ["vat_regime", "accounting_mode"]
    list_select_related = ["company"]
    search_fields = ["company__code", "company__name"]
    autocomplete_fields = ["company"]


@admin.register(FiscalYear)
class FiscalYearAdmin(admin.ModelAdmin):
    list_display = ["company", "starts_on", "ends_on"]
    list_select_related = ["company"]
    search_fields = ["company__code", "company__name"]
    autocomplete_fields = ["company"]
