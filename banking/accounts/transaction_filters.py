"""What one may ask of the lines of a bank account: the form above them, and the QuerySet that answers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Abs

from achats.browsing.filter_fields import DayField
from banking.models import BankTransaction, Match, MatchState
from firms.typography import read_amount

SIDES = {"": "Débits et crédits", "debit": "Débits", "credit": "Crédits"}
STATES = {
    "": "Tous les états",
    "suggestion": "Suggestion",
    "partiel": "Partiel",
    "rapproche": "Rapproché",
    "impute": "Imputée",
    "ignoree": "Ignorée",
}


class AmountField(forms.CharField):
    """An amount as one types it: « 1 234,56 », « 5.76 € »; its sign does not count."""

    def __init__(self, **options) -> None:
        super().__init__(required=False, max_length=20, **options)

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if (amount := read_amount(text)) is None:
            raise ValidationError(f"« {text} » n’est pas un montant. Écrivez-le ainsi : 1 234,56.")
        return abs(amount)


class TransactionFilters(forms.Form):
    """Each field is a parameter of the URL; one that cannot be read is told and filters nothing."""

    use_required_attribute = False
    sens = forms.ChoiceField(required=False, label="Sens", choices=list(SIDES.items()))
    etat = forms.ChoiceField(required=False, label="État", choices=list(STATES.items()))
    mini = AmountField(label="Montant d’au moins")
    maxi = AmountField(label="Montant d’au plus")

    def __init__(self, data, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields = {"du": DayField(label="Du", today=today), "au": DayField(label="Au", today=today)} | self.fields
        self.full_clean()

    @property
    def chosen(self) -> dict:
        """The values that were read, without the empty ones."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def chips(self) -> list[tuple[str, str]]:
        """(parameter, words) of each filter in force."""
        return [(name, f"{self.fields[name].label} : {self._words(name)}") for name in self.chosen]

    def _words(self, name: str) -> str:
        choices = {"sens": SIDES, "etat": STATES}.get(name)
        return choices[self.chosen[name]] if choices else str(self[name].value())

    def applied(self, rows: QuerySet[BankTransaction]) -> QuerySet[BankTransaction]:
        for name, value in self.chosen.items():
            rows = rows.filter(_condition(name, value))
        return rows


def _condition(name: str, value) -> Q | Exists:
    if name in ("du", "au"):
        return Q(**{f"booked_on__{'gte' if name == 'du' else 'lte'}": value})
    if name == "sens":
        return Q(amount__lt=0) if value == "debit" else Q(amount__gt=0)
    if name == "mini":
        return Q(amount__gte=value) | Q(amount__lte=-value)
    if name == "maxi":
        return Q(amount__range=(-value, value))
    return _STATES[value]()


_STATES: dict[str, Callable[[], Q | Exists]] = {
    "suggestion": lambda: Exists(Match.objects.filter(transaction=OuterRef("pk"), state=MatchState.SUGGESTED)),
    "partiel": lambda: Q(allocated_cents__gt=0, allocated_cents__lt=Abs(F("amount")) * 100),
    "rapproche": lambda: Q(allocated_cents__gte=Abs(F("amount")) * 100, allocated_cents__gt=0),
    "impute": lambda: Q(coding__isnull=False),
    "ignoree": lambda: Q(is_ignored=True),
}
