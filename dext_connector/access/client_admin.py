"""Client applications in Django's admin, in French; tokens and codes are nobody's to read or to make."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from oauth2_provider import admin as _registered  # noqa: F401  # so that what it registers can be taken back
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

from dext_connector.access.clients import CLIENT_ID, GRANT
from dext_connector.models import ClientApplication

for model in (Application, AccessToken, Grant, IDToken, RefreshToken):
    admin.site.unregister(model)

KINDS = {
    Application.CLIENT_PUBLIC: "Publique (sans secret, gardée par PKCE)",
    Application.CLIENT_CONFIDENTIAL: "Confidentielle (avec un secret)",
}


class ClientForm(forms.ModelForm):
    """Name, identifier, kind, secret and return addresses; the rest is the same for all."""

    client_id = forms.SlugField(
        label="Identifiant",
        max_length=100,
        help_text=f"Ce que l’application envoie comme client_id, «\u00a0{CLIENT_ID}\u00a0» pour Dext.",
    )
    name = forms.CharField(label="Nom", max_length=255, help_text="Montré à qui l’application demande l’accès.")
    client_type = forms.ChoiceField(label="Genre", choices=KINDS, initial=Application.CLIENT_PUBLIC)
    new_secret = forms.CharField(
        label="Nouveau secret",
        required=False,
        min_length=32,
        help_text="Pour une application confidentielle. Il est gardé haché\u00a0: notez-le avant d’enregistrer.",
    )
    redirect_uris = forms.CharField(
        label="Adresses de retour",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Une par ligne (https://…), exactement comme l’application les envoie.",
    )

    class Meta:
        model = ClientApplication
        fields = ("name", "client_id", "client_type", "redirect_uris")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_confidential = cleaned.get("client_type") == Application.CLIENT_CONFIDENTIAL
        if is_confidential and not cleaned.get("new_secret") and "client_type" in self.changed_data:
            self.add_error("new_secret", "Donnez un secret à cette application confidentielle.")
        return cleaned

    def _post_clean(self) -> None:
        self.instance.authorization_grant_type = GRANT["authorization_grant_type"]
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, unknown to its stubs


@admin.register(ClientApplication)
class ClientApplicationAdmin(admin.ModelAdmin):
    form = ClientForm
    fields = ["name", "client_id", "client_type", "new_secret", "redirect_uris"]
    list_display = ["shown_name", "client_id", "shown_kind", "shown_addresses"]
    search_fields = ["name", "client_id"]

    @admin.display(description="nom", ordering="name")
    def shown_name(self, row: ClientApplication) -> str:
        return str(row.name or row.client_id)

    @admin.display(description="genre")
    def shown_kind(self, row: ClientApplication) -> str:
        return KINDS.get(row.client_type, "")

    @admin.display(description="adresses de retour")
    def shown_addresses(self, row: ClientApplication) -> str:
        return str(row.redirect_uris) or "Aucune\u00a0: connexion par identifiants seulement"

    def save_model(self, request: HttpRequest, obj: ClientApplication, form: ClientForm, change: bool) -> None:
        if secret := form.cleaned_data["new_secret"]:
            obj.client_secret = secret
        super().save_model(request, obj, form, change)
