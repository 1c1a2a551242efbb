"""Dext in Django's admin: settings are edited there, connections and receptions are read."""

from typing import Any, cast

from django.contrib import admin
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone

from dext_connector.access.client_admin import ClientApplicationAdmin
from dext_connector.connections.forms import FIVE, FirmDefaultsForm, IntegrationSettingsForm
from dext_connector.models import (
    ArchivedRule,
    DextAuthorization,
    DextConnection,
    DocumentFetch,
    FirmIntegrationDefaults,
    InboxItem,
    IntegrationSettings,
    RuleArchive,
    RuleDeed,
    Webhook,
    WebhookDelivery,
)
from firms.events import record_event
from firms.models import User

__all__ = ["ClientApplicationAdmin"]  # registered by its own module

ALIKE = "Les mêmes que dans Dext. Le montant extrait est toujours gardé, quel que soit le marqueur. *\u00a0obligatoire"


class MadeElsewhere(admin.ModelAdmin):
    """Rows that the opening of a firm or a company makes, and that nobody deletes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(MadeElsewhere):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FirmIntegrationDefaults)
class FirmIntegrationDefaultsAdmin(MadeElsewhere):
    """« Paramètres du Compte Automatisés »: for companies created afterwards, never for those that exist."""

    form = FirmDefaultsForm
    list_display = ["firm", "publish_destination", "vat_marker_code", "no_vat_marker_code", "updated_at"]
    list_select_related = ["firm"]
    search_fields = ["firm__code", "firm__name"]
    readonly_fields = ["firm", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": ["firm", *FirmDefaultsForm.Meta.fields, "updated_at"],
                "description": f"S’applique aux dossiers créés ensuite, jamais à ceux qui existent. {ALIKE}",
            },
        )
    ]


@admin.register(IntegrationSettings)
class IntegrationSettingsAdmin(MadeElsewhere):
    form = IntegrationSettingsForm
    list_display = ["company", *FIVE]
    list_select_related = ["company", "vat_marker", "no_vat_marker"]
    search_fields = ["company__code", "company__name", "company__firm__code"]
    readonly_fields = ["company", "updated_at"]
    fieldsets = [(None, {"fields": ["company", *FIVE, "updated_at"], "description": ALIKE})]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A VAT code is chosen here, and never made, changed or deleted by a slip of the hand."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, ModelChoiceField):
            for deed in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{deed}_related", False)
        return field

    def save_model(self, request: HttpRequest, obj: IntegrationSettings, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        by = cast(User, request.user)
        record_event(company=obj.company, kind="settings.changed", subject_id=obj.pk, by=by, at=timezone.now())


@admin.register(DextConnection)
class DextConnectionAdmin(ReadOnly):
    list_display = ["company", "connected_at", "connected_by", "expires_at", "activated_at", "disconnected_at"]
    list_select_related = ["company", "connected_by"]
    search_fields = ["company__code", "company__name", "company__firm__code"]


@admin.register(RuleArchive)
class RuleArchiveAdmin(ReadOnly):
    list_display = ["company", "generation", "received_at", "received_by"]
    list_select_related = ["company", "received_by"]
    search_fields = ["company__code", "company__name", "company__firm__code"]


@admin.register(ArchivedRule)
class ArchivedRuleAdmin(ReadOnly):
    list_display = ["supplier_name", "dext_account", "proposed_account", "state", "account", "company"]
    list_filter = ["state", "basis", "is_current"]
    list_select_related = ["company", "proposed_account", "account"]
    search_fields = ["supplier_name", "company__code"]
    show_full_result_count = False


@admin.register(RuleDeed)
class RuleDeedAdmin(ReadOnly):
    list_display = ["at", "words", "by", "undone_at", "company"]
    list_select_related = ["company", "by"]
    search_fields = ["company__code"]


@admin.register(InboxItem)
class InboxItemAdmin(ReadOnly):
    """« Réceptions Dext »: what came, with its fate."""

    list_display = ["received_at", "company", "external_id", "fate", "http_status", "message", "by"]
    list_filter = ["fate"]
    list_select_related = ["company", "by"]
    search_fields = ["external_id", "company__code", "request_id"]
    show_full_result_count = False

    @admin.display(description="message")
    def message(self, row: InboxItem) -> str:
        return row.answer.get("message", "")


@admin.register(DocumentFetch)
class DocumentFetchAdmin(ReadOnly):
    list_display = ["created_at", "company", "invoice", "state", "attempts", "next_attempt_at", "error"]
    list_filter = ["state"]
    list_select_related = ["company", "invoice"]
    search_fields = ["url", "company__code"]
    show_full_result_count = False


@admin.register(Webhook)
class WebhookAdmin(ReadOnly):
    """« Retours vers Dext »: Dext registers and deletes them."""

    list_display = ["url", "user", "created_at", "disabled_at", "disabled_because"]
    list_select_related = ["user"]
    search_fields = ["url", "user__email"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    list_display = ["created_at", "webhook", "company", "event", "state", "attempts", "last_status", "error"]
    list_filter = ["state"]
    list_select_related = ["webhook", "company", "event"]
    search_fields = ["webhook__url", "company__code"]
    show_full_result_count = False


@admin.register(DextAuthorization)
class DextAuthorizationAdmin(ReadOnly):
    list_display = ["user", "application", "reaches_all_companies", "given_at", "expires_at"]
    list_select_related = ["user", "application"]
    list_filter = ["reaches_all_companies"]
    search_fields = ["user__email"]
