"""What one may ask of the list of purchases: the form above it, and the QuerySet that answers."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from achats.models import InvoiceLine, PaymentMethod, PurchaseInvoice, Supplier
from achats.searching import words_found
from firms.folding import fold
from firms.models import Company
from firms.typography import read_day
from ledger.models import Account

NO_ACCOUNT = "aucun"
SIGNALS = {
    "account_missing": "Compte manquant",
    "vat_code_contradicts": "Code TVA contraire au montant",
    "supplier_ambiguous": "Fournisseur à choisir",
    "suspected_duplicate": "Doublon possible",
    "period_closed": "Période close",
    "document_missing": "Pièce manquante",
    "document_pending": "Pièce en téléchargement",
    "document_unreachable": "Pièce introuvable",
    "document_unreadable": "Pièce illisible",
    "payment_method_unknown": "Moyen de paiement inconnu",
}
SUPPLIERS_OFFERED = 300


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


class FilterForm(forms.Form):
    """Each field is a parameter of the URL; one that cannot be read is told and filters nothing."""

    use_required_attribute = False

    def __init__(self, data, *, company: Company, today: date) -> None:
        super().__init__(data, label_suffix="")
        offered = _offered(company)
        self.fields["q"] = forms.CharField(required=False, max_length=100, label="Rechercher")
        self.fields["du"] = DayField(label="Du", today=today)
        self.fields["au"] = DayField(label="Au", today=today)
        for name, label, everything, more in (
            ("compte", "Compte", "Tous les comptes", [(NO_ACCOUNT, "Sans compte")]),
            ("fournisseur", "Fournisseur", "Tous les fournisseurs", []),
            ("paiement", "Paiement", "Tous les paiements", []),
        ):
            choices = [("", everything), *more, *offered[name]]
            self.fields[name] = forms.ChoiceField(required=False, label=label, choices=choices)
        signals = [("", "Tous les signalements"), *SIGNALS.items()]
        self.fields["signal"] = forms.ChoiceField(required=False, label="Signalement", choices=signals)
        self.full_clean()

    @property
    def chosen(self) -> dict:
        """The values that were read, without the empty ones."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def chips(self) -> list[tuple[str, str]]:
        """(parameter, words) of each filter in force but the search, which shows itself."""
        return [(name, f"{self.fields[name].label} : {self._words(name)}") for name in self.chosen if name != "q"]

    def _words(self, name: str) -> str:
        value = self.chosen[name]
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return dict(self.fields[name].choices)[value]  # type: ignore[attr-defined] # only the lists come here


def _offered(company: Company) -> dict[str, list[tuple[str, str]]]:
    """The choices of the three lists, in one query: accounts by code, suppliers and methods by id."""
    accounts = Account.objects.filter(company=company, is_purchase_allowed=True)
    suppliers = Supplier.objects.filter(company=company).order_by("folded_name")[:SUPPLIERS_OFFERED]
    methods = PaymentMethod.objects.filter(company=company)
    rows = _rows("compte", accounts.order_by(), "code", "label").union(
        _rows("fournisseur", Supplier.objects.filter(pk__in=suppliers.values("pk")).order_by(), "pk", "name"),
        _rows("paiement", methods.order_by(), "pk", "label"),
        all=True,
    )
    return _sorted(rows.order_by())


def _rows(what: str, rows: QuerySet, value: str, words: str) -> QuerySet:
    text = CharField()
    return rows.annotate(what=Value(what), value=Cast(value, text), words=Cast(words, text)).values_list(
        "what", "value", "words"
    )


def _sorted(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    offered: dict[str, list[tuple[str, str]]] = {"compte": [], "fournisseur": [], "paiement": []}
    for what, value, words in rows:
        offered[what].append((value, f"{value} {words}" if what == "compte" else words))
    for what, choices in offered.items():
        choices.sort(key=lambda choice: choice[0] if what == "compte" else fold(choice[1]))
    return offered


def filtered(rows: QuerySet[PurchaseInvoice], chosen: dict) -> QuerySet[PurchaseInvoice]:
    """The rows that answer to every filter of `FilterForm.chosen`."""
    for name, value in chosen.items():
        rows = rows.filter(CONDITIONS[name](value))
    return rows


def _account(code: str) -> Q:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk"))
    lines = lines.filter(account=None) if code == NO_ACCOUNT else lines.filter(account__code=code)
    return Q(Exists(lines))


def _signalled(code: str) -> Q:
    reason = [{"code": code}]
    return Q(reasons__contains=reason) | Q(warnings__contains=reason)


CONDITIONS = {
    "q": words_found,
    "du": lambda day: Q(issued_on__gte=day),
    "au": lambda day: Q(issued_on__lte=day),
    "compte": _account,
    "fournisseur": lambda pk: Q(supplier=pk),
    "paiement": lambda pk: Q(payment_method=pk),
    "signal": _signalled,
}
