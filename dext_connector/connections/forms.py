"""« Paramétrer l’intégration » as a form, for the admin and the page: three required, VAT codes that may serve."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from dext_connector.connections.integration import (
    allowed_markers,
    allowed_no_vat,
    codes_to_offer,
    marker_choices,
    no_vat_choices,
)
from dext_connector.models import FirmIntegrationDefaults, IntegrationSettings
from dext_connector.serializers.settings import SentSettings
from ledger.models import VatCode, VatCodeQuerySet

FIVE = ("publish_destination", "vat_by_line", "use_supplier_vat_rate", "vat_marker", "no_vat_marker")
HELP = {
    "publish_destination": "Là où Dext publie une facture, sauf autre choix dans Dext.",
    "vat_by_line": "Exporte le montant de TVA extrait, ligne par ligne.",
    "use_supplier_vat_rate": "Celui des règles fournisseur.",
    "vat_marker": "Donné quand Dext a extrait une TVA\u00a0; le montant extrait est toujours gardé.",
    "no_vat_marker": "Donné quand Dext n’en a pas extrait.",
}


class IntegrationSettingsForm(forms.ModelForm):
    """The settings of one company: a VAT code is one of its own."""

    class Meta:
        model = IntegrationSettings
        fields = FIVE
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.instance.company
        codes = codes_to_offer(company)
        self._offer("vat_marker", allowed_markers(company), [code for code in codes if code.may_be_marker])
        self._offer("no_vat_marker", allowed_no_vat(company), [code for code in codes if code.may_be_no_vat])
        for name in ("publish_destination", "vat_marker", "no_vat_marker"):
            field = self.fields[name]
            field.required, field.label = True, f"{field.label} *"

    def _offer(self, name: str, allowed: VatCodeQuerySet, shown: Iterable[VatCode]) -> None:
        """`shown` are the rows of `allowed`, read for both markers at once."""
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = allowed
        field.choices = [("", "À choisir"), *((code.pk, str(code)) for code in shown)]

    def sent(self) -> SentSettings:
        """What was chosen, in the words of the deed."""
        chosen = self.cleaned_data
        return SentSettings(
            publish_destination=chosen["publish_destination"],
            vat_by_line=chosen["vat_by_line"],
            use_supplier_vat_rate=chosen["use_supplier_vat_rate"],
            vat_marker=chosen["vat_marker"].code,
            no_vat_marker=chosen["no_vat_marker"].code,
        )


class FirmDefaultsForm(forms.ModelForm):
    """What the firm's new companies start with: VAT codes by code."""

    class Meta:
        model = FirmIntegrationDefaults
        fields = (
            "publish_destination", "vat_by_line", "use_supplier_vat_rate", "vat_marker_code", "no_vat_marker_code"
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firm = self.instance.firm
        offered = {"vat_marker_code": marker_choices(firm), "no_vat_marker_code": no_vat_choices(firm)}
        for name, choices in offered.items():
            shown = [(code, f"{code} · {label}") for code, label in sorted(choices.items())]
            field, key = self.fields[name], name.removesuffix("_code")
            self.fields[name] = forms.ChoiceField(label=f"{field.label} *", choices=shown, help_text=HELP[key])
        for name in ("publish_destination", "vat_by_line", "use_supplier_vat_rate"):
            self.fields[name].help_text = HELP[name]
        destination = self.fields["publish_destination"]
        destination.required, destination.label = True, f"{destination.label} *"

    def sent(self) -> SentSettings:
        """What was chosen, in the words of the deed."""
        chosen = self.cleaned_data
        return SentSettings(
            publish_destination=chosen["publish_destination"],
            vat_by_line=chosen["vat_by_line"],
            use_supplier_vat_rate=chosen["use_supplier_vat_rate"],
            vat_marker=chosen["vat_marker_code"],
            no_vat_marker=chosen["no_vat_marker_code"],
        )
