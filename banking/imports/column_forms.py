"""The form that names the columns of an unknown CSV: a select above each."""

from collections import Counter
from typing import Self

from django import forms

from banking.statements.csv_mapping import ColumnMapping
from banking.statements.csv_preview import supposed_columns, supposed_order

MEANINGS = {
    "": "—",
    "booked_on": "Date",
    "label": "Libellé",
    "debit": "Débit",
    "credit": "Crédit",
    "amount": "Montant",
    "balance": "Solde",
    "reference": "Référence",
    "value_on": "Date de valeur",
}
ORDERS = {"": "À choisir", "dmy": "jour/mois/année", "mdy": "mois/jour/année", "ymd": "année-mois-jour"}


class ColumnsForm(forms.Form):
    """`asked` is what the import asks: header, rows, fingerprint. Valid, it has its `mapping`."""

    use_required_attribute = False
    name = forms.CharField(
        label="Nom de ce modèle", max_length=80, error_messages={"required": "Nommez ce modèle, par exemple « BNP »."}
    )
    date_order = forms.ChoiceField(
        label="Ordre des dates",
        choices=list(ORDERS.items()),
        error_messages={"required": "Choisissez l’ordre des dates."},
    )

    def __init__(self, data, *, asked: dict) -> None:
        self.asked = asked
        supposed = supposed_columns(asked["header"])
        days = [place for place, meaning in supposed.items() if meaning == "booked_on"]
        order = supposed_order([row[days[0]] for row in asked["rows"] if len(row) > days[0]]) if days else None
        super().__init__(data, initial={"date_order": order or ""})
        for place, name in enumerate(asked["header"]):
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=f"Colonne {place + 1}, {name or 'sans nom'}",
                choices=list(MEANINGS.items()),
                required=False,
                initial=supposed.get(place, ""),
            )

    def as_supposed(self) -> Self:
        """The same, filled with what the header lets one suppose."""
        data = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        return type(self)(data, asked=self.asked)

    def columns(self) -> list[tuple[str, forms.BoundField]]:
        return [(name, self[f"c{place}"]) for place, name in enumerate(self.asked["header"])]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        meanings = {place: cleaned.get(f"c{place}", "") for place in range(len(self.asked["header"]))}
        twice = [name for name, count in Counter(meanings.values()).items() if count > 1 and name not in ("", "label")]
        if twice:
            raise forms.ValidationError(f"Deux colonnes sont « {MEANINGS[twice[0]]} » : n’en gardez qu’une.")
        places = {meaning: place for place, meaning in meanings.items() if meaning not in ("", "label")}
        if "booked_on" not in places:
            raise forms.ValidationError("Indiquez la colonne de la date.")
        if cleaned.get("date_order"):
            self._set_mapping(places, meanings, cleaned)
        return cleaned

    def _set_mapping(self, places: dict[str, int], meanings: dict[int, str], cleaned: dict) -> None:
        try:
            self.mapping = ColumnMapping(
                fingerprint=self.asked["fingerprint"],
                label=tuple(place for place, meaning in meanings.items() if meaning == "label"),
                date_order=cleaned["date_order"],
                name=cleaned.get("name", ""),
                **places,  # type: ignore[arg-type] # places alone
            )
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
