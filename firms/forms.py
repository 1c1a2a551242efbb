"""What people type about themselves and their colleagues."""

from typing import cast

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from firms.addresses import client_address
from firms.models import Company, Firm, Membership, Role, User
from firms.signing_in import TooManyAttempts, WrongCredentials, authenticate_person

TOO_MANY = "too_many_attempts"
EMAIL = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class SignInForm(forms.Form):
    """Credentials; valid where somebody may sign in with them (`get_user`)."""

    email = forms.EmailField(label="Adresse e-mail", widget=EMAIL)
    password = forms.CharField(
        label="Mot de passe", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    @sensitive_variables()
    def clean(self) -> dict:
        if not self.errors:
            try:
                self.user = authenticate_person(
                    email=self.cleaned_data["email"],
                    password=self.cleaned_data["password"],
                    address=client_address(self.request),
                )
            except WrongCredentials as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
            except TooManyAttempts as refusal:
                raise forms.ValidationError(str(refusal), code=TOO_MANY) from refusal
        return self.cleaned_data

    def get_user(self) -> User | None:
        return self.user


class AcceptForm(forms.Form):
    """The password of a person who accepts an invitation, and a name where the account is new."""

    name = forms.CharField(
        label="Votre nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        label="Mot de passe", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, has_account: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if has_account:
            del self.fields["name"]
            self.fields["password"].widget.attrs["autocomplete"] = "current-password"
        else:
            self.fields["password"].help_text = " ".join(password_validators_help_texts())


class MemberForm(forms.Form):
    """A role and the companies in which it holds."""

    role = forms.ChoiceField(label="Rôle", choices=Role.choices, initial=Role.ACCOUNTANT)
    sees_all_companies = forms.BooleanField(
        label="Tous les dossiers du cabinet",
        required=False,
        initial=True,
        help_text="Ceux créés plus tard aussi. Un administrateur voit toujours tous les dossiers.",
    )
    companies = forms.ModelMultipleChoiceField(
        label="Sinon, ces dossiers",
        queryset=Company.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, firm: Firm, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelMultipleChoiceField, self.fields["companies"]).queryset = firm.companies.all()

    def chosen_companies(self) -> list[Company] | None:
        """None for all."""
        return None if self.cleaned_data["sees_all_companies"] else list(self.cleaned_data["companies"])


class EntrustedField(forms.ModelMultipleChoiceField):
    """Companies, each with whoever is in charge of it already."""

    def label_from_instance(self, obj: Company) -> str:
        keepers = ", ".join(sorted(str(seat.user) for seat in obj.keepers.all() if seat.is_active))
        return f"{obj}\u00a0: {keepers}" if keepers else str(obj)


class SeatForm(MemberForm):
    """A member's role, his companies, and those that are his work."""

    entrusted = EntrustedField(
        label="Dossiers confiés à ce membre",
        queryset=Company.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ils viennent en premier dans son tableau du cabinet, sous «\u00a0À moi\u00a0». Un dossier peut "
        "être confié à plusieurs membres.",
    )

    def __init__(self, *args, firm: Firm, **kwargs) -> None:
        super().__init__(*args, firm=firm, **kwargs)
        companies = firm.companies.filter(is_active=True).in_french_order().prefetch_related("keepers__user")
        cast(EntrustedField, self.fields["entrusted"]).queryset = companies

    def clean(self) -> dict:
        """Nobody is in charge of what he may not see."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned["sees_all_companies"] or cleaned["role"] == Role.ADMINISTRATOR:
            return cleaned
        hidden = set(cleaned["entrusted"]) - set(cleaned["companies"])
        if hidden:
            names = ", ".join(sorted(company.name for company in hidden))
            self.add_error("entrusted", f"Ce membre ne voit pas\u00a0: {names}. Cochez aussi ses dossiers plus haut.")
        return cleaned


class InvitationForm(MemberForm):
    email = forms.EmailField(label="Adresse e-mail", widget=forms.EmailInput(attrs={"autofocus": True}))
    field_order = ["email", "role", "sees_all_companies", "companies"]

    def __init__(self, *args, firm: Firm, **kwargs) -> None:
        super().__init__(*args, firm=firm, **kwargs)
        self.firm = firm

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Membership.objects.filter(firm=self.firm, user__email=email, is_active=True).exists():
            raise forms.ValidationError(f"{email} est déjà membre du cabinet.")
        return email


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "theme", "density", "has_key_shortcuts"]
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect}
        help_texts = {
            "has_key_shortcuts": "Par exemple J et K pour changer de ligne. Les raccourcis avec Ctrl restent."
        }
