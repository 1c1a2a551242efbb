"""Banking in the administration: accounts and what draws on them; lines and matches are only looked at."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from achats.admin import OfVisibleCompanies
from banking.feeds.tokens import revoke_feed_token
from banking.models import (
    BankAccount,
    BankAccountAlias,
    BankStatement,
    BankTransaction,
    CsvMapping,
    FeedToken,
    LineCoding,
    Match,
    MatchRun,
    PaymentMethodMapping,
    PieceReminder,
    PieceRequest,
    RequestedLine,
    StatementImport,
)
from firms.access import person


@admin.register(BankAccount)
class BankAccountAdmin(OfVisibleCompanies):
    list_display = ["label", "last_four", "iban", "currency", "automation", "company"]
    list_select_related = ["company"]
    search_fields = ["label", "key", "iban", "number"]
    raw_id_fields = ["ledger_account"]
    readonly_fields = ["automation", "automatic_cap"]  # the account's own page changes them, with an event


@admin.register(PaymentMethodMapping)
class PaymentMethodMappingAdmin(OfVisibleCompanies):
    list_display = ["payment_method", "bank_account", "company"]
    list_select_related = ["payment_method", "bank_account", "company"]
    search_fields = ["payment_method__label", "bank_account__label"]
    raw_id_fields = ["payment_method", "bank_account"]


@admin.register(BankAccountAlias)
class BankAccountAliasAdmin(OfVisibleCompanies):
    list_display = ["key", "account", "company"]
    list_select_related = ["account", "company"]
    search_fields = ["key"]
    raw_id_fields = ["account"]


@admin.register(CsvMapping)
class CsvMappingAdmin(OfVisibleCompanies):
    list_display = ["name", "updated_at", "by", "company"]
    list_select_related = ["by", "company"]
    search_fields = ["name"]


class OnlyLookedAt(OfVisibleCompanies):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(StatementImport)
class StatementImportAdmin(OnlyLookedAt):
    list_display = ["filename", "state", "added", "known", "message", "at", "by", "company"]
    list_filter = ["state", "company"]
    list_select_related = ["by", "company"]
    search_fields = ["filename", "sha256"]


@admin.register(BankStatement)
class BankStatementAdmin(OnlyLookedAt):
    list_display = ["account", "format", "opening_on", "closing_on", "closing_amount", "company"]
    list_select_related = ["account", "company"]


@admin.register(BankTransaction)
class BankTransactionAdmin(OnlyLookedAt):
    list_display = ["booked_on", "label", "amount", "account", "is_ignored", "company"]
    list_select_related = ["account", "company"]
    search_fields = ["label", "bank_reference"]


@admin.register(LineCoding)
class LineCodingAdmin(OnlyLookedAt):
    list_display = ["transaction", "account", "amount", "vat_amount", "entry", "coded_at", "coded_by", "company"]
    list_select_related = ["transaction", "account", "entry__journal", "entry__fiscal_year", "coded_by", "company"]
    search_fields = ["transaction__label", "account__code"]


@admin.register(Match)
class MatchAdmin(OnlyLookedAt):
    list_display = ["invoice", "transaction", "state", "created_at", "decided_by", "company"]
    list_filter = ["state", "company"]
    list_select_related = ["invoice", "transaction", "decided_by", "company"]


@admin.register(MatchRun)
class MatchRunAdmin(OnlyLookedAt):
    list_display = ["started_at", "finished_at", "engine_version", "automatic", "suggested", "company"]
    list_select_related = ["company"]


@admin.register(PieceRequest)
class PieceRequestAdmin(OnlyLookedAt):
    list_display = ["requested_at", "recipient", "email", "is_reminded", "expires_at", "revoked_at", "company"]
    list_filter = ["is_reminded", "company"]
    list_select_related = ["company"]
    search_fields = ["recipient", "email"]
    exclude = ["token_hash"]


@admin.register(PieceReminder)
class PieceReminderAdmin(OnlyLookedAt):
    list_display = ["begun_at", "number", "request", "sent_at", "company"]
    list_select_related = ["request", "company"]
    search_fields = ["request__recipient", "request__email"]
    exclude = ["token_hash"]


@admin.register(RequestedLine)
class RequestedLineAdmin(OnlyLookedAt):
    list_display = ["transaction", "request", "invoice", "company"]
    list_select_related = ["transaction", "request", "invoice", "company"]
    search_fields = ["transaction__label", "request__recipient", "request__email"]


@admin.register(FeedToken)
class FeedTokenAdmin(admin.ModelAdmin):
    """To be read and revoked: `manage.py create_feed_token` makes one, and shows it once."""

    list_display = ["name", "firm", "company", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["firm", "company"]
    search_fields = ["name", "firm__code"]
    exclude = ["digest"]
    actions = ["revoke"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        mine = person(request).memberships.filter(is_active=True).values("firm")
        return rows if person(request).is_superuser else rows.filter(firm__in=mine)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.action(description="Révoquer les jetons choisis", permissions=["delete"])
    def revoke(self, request: HttpRequest, rows: QuerySet) -> None:
        for token in rows:
            revoke_feed_token(token=token, at=timezone.now())
