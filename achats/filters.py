"""What one may ask of the list of purchases: the form above it."""

import re
from datetime import date
from decimal import Decimal
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from achats.filter_conditions import NO_ACCOUNT
from achats.models import Source
from achats.periods import WORDS
from firms.typography import format_amount, format_day, read_amount, read_day

SIGNALS = {
    "account_missing": "Compte manquant",
    "account_archived": "Compte archivé",
    "account_not_for_purchases": "Compte hors achats",
    "vat_code_archived": "Code TVA archivé",
    "entry_not_supported": "Écriture à passer autrement",
    "base_amount_missing": "Montant en devise de tenue manquant",
    "total_missing": "Total manquant",
    "supplier_missing": "Fournisseur manquant",
    "supplier_inactive": "Fournisseur inactif",
    "vat_code_contradicts": "Code TVA contraire au montant",
    "mixed_vat_rates": "TVA à taux multiples",
    "supplier_ambiguous": "Fournisseur à choisir",
    "suspected_duplicate": "Doublon possible",
    "period_closed": "Période close",
    "document_missing": "Pièce manquante",
    "document_pending": "Pièce en téléchargement",
    "document_unreachable": "Pièce introuvable",
    "document_unreadable": "Pièce illisible",
    "payment_method_unknown": "Moyen de paiement inconnu",
}
ACCOUNT_CODE = re.compile("[0-9]{3}[0-9A-Z]{5}", re.ASCII)
# The lists whose choices come from the company: the words of the empty choice, and what stands before the others.
LISTS = {
    "fournisseur": ("Fournisseur", "Tous les fournisseurs", []),
    "compte": ("Compte", "Tous les comptes", [(NO_ACCOUNT, "Sans compte")]),
    "paiement": ("Paiement", "Tous les paiements", []),
}


class DayField(forms.CharField):
    """A day as one types it: « 19/08/2019 », « 190819 », « 19/8 », « hier »."""

    def __init__(self, *, today: date, **options) -> None:
        super().__init__(required=False, max_length=20, **options)
        self.today = today

    def clean(self, value: str) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        if (day := read_day(text, today=self.today)) is None:
            raise ValidationError(f"« {text} » n’est pas une date. Écrivez-la ainsi : 19/08/2019.")
        return day


class AmountField(forms.CharField):
    """An amount as one types it: « 1 743,54 € », « 5.76 »."""

    def __init__(self, **options) -> None:
        super().__init__(required=False, max_length=20, **options)
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if (amount := read_amount(text)) is None:
            raise ValidationError(f"« {text} » n’est pas un montant. Écrivez-le ainsi : 1 743,54.")
        return amount


class IdField(forms.ChoiceField):
    """One row of the company by its id; an id of none of its rows finds nothing."""

    def clean(self, value: str) -> UUID | None:
        try:
            return UUID(value) if value else None
        except ValueError as no_id:
            raise ValidationError("Ce choix n’existe pas, ou plus.") from no_id


class CodeField(forms.ChoiceField):
    """An account by its number."""

    def clean(self, value: str) -> str:
        if value and value != NO_ACCOUNT and not ACCOUNT_CODE.fullmatch(value):
            raise ValidationError("Ce compte n’existe pas.")
        return value


class FilterForm(forms.Form):
    """Each field is a parameter of the URL; one that cannot be read is told and filters nothing.

    The lists are read without their choices, which `offer` brings for the page.
    """

    use_required_attribute = False

    def __init__(self, data, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["q"] = forms.CharField(required=False, max_length=100, label="Rechercher")
        periods = [("", "Toutes les dates"), *WORDS.items()]
        self.fields["periode"] = forms.ChoiceField(required=False, label="Période", choices=periods)
        self.fields["du"] = DayField(label="Du", today=today)
        self.fields["au"] = DayField(label="Au", today=today)
        for name, kind in (("fournisseur", IdField), ("compte", CodeField), ("paiement", IdField)):
            self.fields[name] = kind(required=False, label=LISTS[name][0])
        signals = [("", "Tous les signalements"), *SIGNALS.items()]
        self.fields["signal"] = forms.ChoiceField(required=False, label="Signalement", choices=signals)
        self.fields["min"] = AmountField(label="Total d’au moins")
        self.fields["max"] = AmountField(label="Total d’au plus")
        sources = [("", "Toutes les origines"), *Source.choices]
        self.fields["source"] = forms.ChoiceField(required=False, label="Origine", choices=sources)
        self.full_clean()

    def offer(self, choices: dict[str, list[tuple[str, str]]]) -> None:
        """Fill the lists: (value, words) by name."""
        for name, (_, everything, before) in LISTS.items():
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment] # the lists
            field.choices = [("", everything), *before, *choices[name]]

    @property
    def chosen(self) -> dict:
        """The values that were read, without the empty ones."""
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}

    @property
    def chips(self) -> list[tuple[str, str]]:
        """(parameter, words) of each filter in force but the search, which shows itself; after `offer`."""
        return [(name, f"{self.fields[name].label} : {self._words(name)}") for name in self.chosen if name != "q"]

    def _words(self, name: str) -> str:
        value = self.chosen[name]
        if isinstance(value, date):
            return format_day(value)
        if isinstance(value, Decimal):
            return format_amount(value)
        return dict(self.fields[name].choices).get(str(value), str(value))  # type: ignore[attr-defined] # the lists
