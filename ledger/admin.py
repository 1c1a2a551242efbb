"""The chart, the VAT codes, the years and the entries of the companies in Django's admin; entries are only read."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from ledger.models import (
    Account,
    Bookkeeping,
    EntryLine,
    FiscalYear,
    Journal,
    JournalEntry,
    ThirdPartyAccount,
    VatCode,
)


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


class OnlyRead:
    """Entries are written, taken back, validated and reversed by their own deeds alone."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Journal)
class JournalAdmin(OnlyRead, admin.ModelAdmin):
    list_display = ["code", "label", "kind", "last_draft", "company"]
    list_select_related = ["company"]
    search_fields = ["company__code", "company__name"]


@admin.register(ThirdPartyAccount)
class ThirdPartyAccountAdmin(OnlyRead, admin.ModelAdmin):
    list_display = ["code", "label", "collective", "company"]
    list_select_related = ["collective", "company"]
    search_fields = ["code", "label", "company__code"]


class EntryLineInline(OnlyRead, admin.TabularInline):
    model = EntryLine
    fields = ["position", "account", "third_party", "label", "debit", "credit"]


@admin.register(JournalEntry)
class JournalEntryAdmin(OnlyRead, admin.ModelAdmin):
    list_display = ["name", "posted_on", "document_on", "reference", "label", "state", "company"]
    list_filter = ["state", "journal__kind"]
    list_select_related = ["journal", "fiscal_year", "company"]
    search_fields = ["label", "reference", "company__code"]
    inlines = [EntryLineInline]

    @admin.display(description="écriture")
    def name(self, entry: JournalEntry) -> str:
        return entry.name


@admin.register(EntryLine)
class EntryLineAdmin(OnlyRead, admin.ModelAdmin):
    list_display = ["entry", "account", "third_party", "label", "debit", "credit", "company"]
    list_select_related = ["entry__journal", "entry__fiscal_year", "account", "third_party", "company"]
    search_fields = ["account__code", "third_party__code", "label", "company__code"]
