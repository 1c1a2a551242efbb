"""Achats in the administration: suppliers, their rules, payment methods; purchases are looked at, and mended by
`correct_invoice` alone. Amounts that Dext sent are read only."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from achats.assessing import EDITABLE
from achats.changing.correcting import correct_invoice
from achats.models import (
    Deposit,
    Document,
    InvoiceDocument,
    InvoiceLine,
    PaymentEntry,
    PaymentMethod,
    PurchaseInvoice,
    Source,
    Supplier,
    SupplierRule,
)
from firms.access import person
from firms.models import Company


class OneCompanyForm(forms.ModelForm):
    """Every row that a row names is of its own company."""

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        company = cleaned.get("company") or getattr(self.instance, "company", None)
        for name, value in list(cleaned.items()):
            if isinstance(value, Model) and company and getattr(value, "company_id", company.pk) != company.pk:
                self.add_error(name, ValidationError(f"« {value} » n’est pas du dossier {company}."))
        return cleaned


class OfVisibleCompanies(admin.ModelAdmin):
    """A member of a firm sees its companies' rows only; a superuser sees all."""

    form = OneCompanyForm
    list_filter = ["company"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if person(request).is_superuser:
            return rows
        return rows.filter(company__in=Company.objects.visible_to(person(request)))

    def formfield_for_foreignkey(self, db_field, request, **options):
        """Only rows of visible companies may be named."""
        target = db_field.related_model
        companies = Company.objects.visible_to(person(request))
        if not person(request).is_superuser:
            if target is Company:
                options["queryset"] = companies
            elif any(field.name == "company" for field in target._meta.fields):
                options["queryset"] = target._default_manager.filter(company__in=companies)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_list_filter(self, request: HttpRequest):
        """Companies are offered to choose from only where all of them may be known."""
        everyone = person(request).is_superuser
        return [name for name in self.list_filter or [] if everyone or name != "company"]


@admin.register(Supplier)
class SupplierAdmin(OfVisibleCompanies):
    list_display = ["name", "siren", "vat_number", "is_active", "company"]
    list_filter = ["is_active", "company"]
    list_select_related = ["company"]
    search_fields = ["name", "folded_name", "siren"]


@admin.register(SupplierRule)
class SupplierRuleAdmin(OfVisibleCompanies):
    list_display = ["supplier", "account", "vat_code", "payment_method", "company"]
    list_select_related = ["supplier", "account", "vat_code", "payment_method", "company"]
    raw_id_fields = ["supplier", "account", "vat_code", "payment_method"]
    search_fields = ["supplier__name"]


@admin.register(PaymentMethod)
class PaymentMethodAdmin(OfVisibleCompanies):
    list_display = ["label", "kind", "last_four", "person_name", "is_active", "company"]
    list_filter = ["kind", "is_active", "company"]
    list_select_related = ["company"]
    raw_id_fields = ["person_account"]
    search_fields = ["label", "person_name"]


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LineInline(ReadOnlyInline):
    model = InvoiceLine
    fields = ["position", "label", "account", "vat_code", "vat_code_origin", "net_amount", "vat_amount", "gross_amount"]


class DocumentInline(ReadOnlyInline):
    model = InvoiceDocument
    fields = ["position", "document"]


class NeitherAddedNorDeleted(OfVisibleCompanies):
    """Purchases and documents are never lost by a click: they are recorded and cancelled elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(PurchaseInvoice)
class PurchaseInvoiceAdmin(NeitherAddedNorDeleted):
    """Only words may be mended here; by hand entered, the amounts too."""

    words = ["reference", "due_on", "description", "note"]
    amounts = ["gross_amount", "vat_amount", "net_amount"]
    shown = [
        "company", "kind", "status", "supplier", "supplier_name", "reference", "issued_on", "due_on", "currency",
        "gross_amount", "vat_amount", "net_amount", "payment_method", "payment_label", "settlement", "description",
        "note", "source", "external_id", "created_at", "cancellation_reason",
    ]  # fmt: skip
    fields = [*shown]
    list_display = ["issued_on", "supplier_name", "reference", "gross_amount", "vat_amount", "status", "company"]
    list_filter = ["status", "kind", "source", "company"]
    list_select_related = ["company"]
    search_fields = ["supplier_name", "reference", "external_id"]
    inlines = [LineInline, DocumentInline]

    def get_readonly_fields(self, request: HttpRequest, obj: PurchaseInvoice | None = None) -> list[str]:
        by_hand = obj is not None and obj.source != Source.DEXT
        editable = {*self.words, *(self.amounts if by_hand else [])}
        return [name for name in self.shown if name not in editable]

    def has_change_permission(self, request: HttpRequest, obj: PurchaseInvoice | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status in EDITABLE)

    def save_model(self, request: HttpRequest, obj: PurchaseInvoice, form: forms.ModelForm, change: bool) -> None:
        """By the same deed as everywhere: locked, remembered, assessed again."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        correct_invoice(invoice=obj, by=person(request), at=timezone.now(), changes=changes)


@admin.register(PaymentEntry)
class PaymentEntryAdmin(NeitherAddedNorDeleted):
    list_display = ["invoice", "entry", "cents", "company"]
    list_select_related = ["invoice", "entry__journal", "entry__fiscal_year", "company"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(NeitherAddedNorDeleted):
    list_display = ["filename", "media_type", "size", "page_count", "rendering_error", "created_at", "company"]
    list_filter = ["media_type", "company"]
    list_select_related = ["company"]
    search_fields = ["filename", "sha256"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Deposit)
class DepositAdmin(NeitherAddedNorDeleted):
    list_display = ["deposited_at", "document", "deposited_by", "invoice", "company"]
    list_select_related = ["document", "deposited_by", "invoice", "company"]
    search_fields = ["document__filename"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
