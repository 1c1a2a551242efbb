"""People and rights in Django's admin; firms and companies are created by the desk."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from firms.models import Event, Invitation, Membership, User

admin.site.site_header = "MEG"
admin.site.site_title = "MEG"
admin.site.index_title = "Administration"
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["email", "name", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "created_at"]
    filter_horizontal = ["user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Préférences", {"fields": ["theme", "density", "has_key_shortcuts"]}),
        ("Droits", {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "firm", "role", "sees_all_companies", "is_active"]
    list_filter = ["role", "is_active", "firm"]
    list_select_related = ["user", "firm"]
    search_fields = ["user__email", "user__name", "firm__code"]
    autocomplete_fields = ["user", "firm", "companies", "entrusted"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To be read: an invitation is made by the members' page, which sends its link."""

    list_display = ["email", "firm", "role", "expires_at", "accepted_at"]
    list_select_related = ["firm"]
    search_fields = ["email", "firm__code"]
    exclude = ["token_hash"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Append-only: nobody changes what happened."""

    list_display = ["at", "company", "kind", "by"]
    list_select_related = ["company", "by"]
    list_filter = ["kind"]
    search_fields = ["company__code", "kind"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False
