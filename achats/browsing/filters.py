"""What one may ask of the list of purchases: the form above it."""

from datetime import date
from decimal import Decimal

from django import forms

from achats.browsing.filter_conditions import NO_ACCOUNT
from achats.browsing.filter_fields import (
    WITHOUT_ACCOUNT,
    AccountFilter,
    AmountField,
    DayField,
    IdField,
    NamedField,
    SupplierFilter,
)
from achats.browsing.periods import WORDS
from achats.models import Source, Supplier
from firms.models import Company
from firms.typography import format_amount, format_day

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
    "vat_code_missing": "Code TVA manquant",
    "lines_differ": "Lignes à accorder au total",
    "no_fiscal_year": "Exercice à ouvrir",
    "books_incomplete": "Journal ou compte du dossier manquant",
}
PICKED = ("fournisseur", "compte")


class FilterForm(forms.Form):
    """Each field is a parameter of the URL; one that cannot be read is told and filters nothing.

    What it names by a key is read without its words, which `offer` brings for the page.
    """

    use_required_attribute = False

    def __init__(self, data, *, company: Company, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["q"] = forms.CharField(required=False, max_length=100, label="Rechercher")
        periods = [("", "Toutes"), *WORDS.items()]
        self.fields["periode"] = forms.ChoiceField(required=False, label="Période", choices=periods)
        sources = [("", "Toutes"), *Source.choices]
        self.fields["source"] = forms.ChoiceField(required=False, label="Origine", choices=sources)
        self.fields["du"] = DayField(label="Du", today=today)
        self.fields["au"] = DayField(label="Au", today=today)
        self.fields["fournisseur"] = SupplierFilter(company, label="Fournisseur")
        self.fields["compte"] = AccountFilter(company, label="Compte")
        self.fields["paiement"] = IdField(required=False, label="Paiement")
        signals = [("", "Tous"), *SIGNALS.items()]
        self.fields["signal"] = forms.ChoiceField(required=False, label="Signalement", choices=signals)
        self.fields["min"] = AmountField(label="Total d’au moins")
        self.fields["max"] = AmountField(label="Total d’au plus")
        self.full_clean()

    def offer(self, *, payment: list[tuple[str, str]], words: dict[str, str]) -> None:
        """The choices of the payment methods, and the words of what is named by a key: « 62570000 Réceptions »."""
        self.fields["paiement"].choices = [("", "Tous"), *payment]  # type: ignore[attr-defined] # a list
        self._words_of = {NO_ACCOUNT: WITHOUT_ACCOUNT, **words}
        for name in PICKED:
            sent = self.data.get(name, "")
            field: NamedField = self.fields[name]  # type: ignore[assignment] # the two of them
            field.words = {sent: self._words(name)} if name in self.chosen else {}

    @property
    def keys(self) -> dict[str, str]:
        """The keys of what was named by words: a kept URL means the same though others come to bear the name."""
        return {name: str(self.chosen[name]) for name in PICKED if name in self.chosen}

    @property
    def unread(self) -> list[tuple[str, str, str]]:
        """(parameter, label, why) of each filter that could not be read, and is not applied."""
        return [(name, str(self.fields[name].label), " ".join(map(str, found))) for name, found in self.errors.items()]

    @property
    def suppliers_meant(self) -> list[Supplier]:
        """Those among whom the typed name leaves the choice."""
        field: SupplierFilter = self.fields["fournisseur"]  # type: ignore[assignment] # it is
        return field.found

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
        if name in PICKED:
            start_of_code = f"{value}…" if name == "compte" else str(value)
            return self._words_of.get(str(value), start_of_code)
        return dict(self.fields[name].choices).get(str(value), str(value))  # type: ignore[attr-defined] # the lists
