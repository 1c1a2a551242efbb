"""What a person brings to the bank pages: statement files, and which account a payment method draws on."""

from decimal import Decimal
from uuid import UUID

from django import forms

from achats.models import PaymentMethod
from banking.accounts.choosing import NoSuchAccount, account_or_new
from banking.accounts.mapping import to_be_mapped
from banking.imports.statement_files import MAX_BYTES
from banking.models import Automation, BankAccount
from firms.models import Company
from firms.typography import read_amount

# What browsers offer first; the content decides.
ACCEPTED = ".txt,.cfonb,.120,.asc,.ofx,.dat,.xml,.sta,.mt940,.940,.qif,.csv,.tsv,.zip"
MOST_CAP = Decimal(10) ** 13


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files: a list."""

    widget = ManyFilesInput(attrs={"accept": ACCEPTED})

    def clean(self, data, initial=None) -> list:
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class StatementForm(forms.Form):
    statements = ManyFilesField(
        label="Relevés",
        error_messages={
            "required": "Choisissez au moins un fichier.",
            "empty": "Ce fichier est vide : téléchargez de nouveau le relevé.",
        },
    )
    create_account = forms.BooleanField(
        label="Créer le compte bancaire si le dossier ne l’a pas encore", required=False
    )

    def clean_statements(self) -> list:
        for file in self.cleaned_data["statements"]:
            if file.size > MAX_BYTES:
                raise forms.ValidationError(f"« {file.name} » dépasse 200 Mo : demandez des relevés plus courts.")
        return self.cleaned_data["statements"]


class AnswerForm(forms.Form):
    """What a file does not say of itself: its account, chosen or by the IBAN of a new one; the order of its dates."""

    account = forms.ModelChoiceField(
        BankAccount.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Choisissez un compte du dossier."},
    )
    iban = forms.CharField(required=False, max_length=42)
    date_order = forms.ChoiceField(
        required=False,
        choices=[("dmy", "Jour d’abord"), ("mdy", "Mois d’abord")],
        error_messages={"invalid_choice": "Choisissez jour ou mois d’abord."},
    )

    def __init__(self, data, *, company: Company) -> None:
        super().__init__(data)
        self.company = company
        field = self.fields["account"]
        field.queryset = BankAccount.objects.filter(company=company)  # type: ignore[attr-defined] # a ModelChoiceField

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("account", "iban", "date_order")) and not self.errors:
            raise forms.ValidationError("Indiquez ce qui manque, puis importez.")
        if cleaned.get("iban") and not cleaned.get("account"):
            cleaned["account"] = self._by_iban(cleaned["iban"])
        return cleaned

    def _by_iban(self, iban: str) -> BankAccount:
        try:
            return account_or_new(company=self.company, words=iban, create=True)
        except NoSuchAccount as error:
            raise forms.ValidationError(f"L’IBAN « {iban} » n’est pas valable : vérifiez-le.") from error

    def told(self) -> dict:
        return {"account": self.cleaned_data["account"], "date_order": self.cleaned_data["date_order"]}


class MappingForm(forms.Form):
    """One select a payment method: the bank account on which it draws."""

    use_required_attribute = False

    def __init__(self, data, *, company: Company) -> None:
        super().__init__(data)
        self.methods = list(to_be_mapped(company))
        accounts = BankAccount.objects.filter(company=company)
        self.has_accounts = accounts.exists()
        for method in self.methods:
            now = method.bank_account_id  # type: ignore[attr-defined] # annotated by to_be_mapped
            self.fields[f"m-{method.pk}"] = forms.ModelChoiceField(
                accounts, required=False, label=method.label, empty_label="Aucun compte", initial=now
            )

    def rows(self) -> list[tuple[PaymentMethod, forms.BoundField]]:
        return [(method, self[f"m-{method.pk}"]) for method in self.methods]

    def chosen(self) -> dict[UUID, BankAccount | None]:
        return {method.pk: self.cleaned_data[f"m-{method.pk}"] for method in self.methods}


class AutomationForm(forms.Form):
    """How far the machine may go on an account."""

    automation = forms.ChoiceField(
        label="Lorsqu’une paire est certaine",
        choices=[
            (Automation.ON, "Rapprocher automatiquement"),
            (Automation.OBSERVED, "Observer\u00a0: proposer, et dire ce qui aurait été automatique"),
            (Automation.OFF, "Proposer seulement"),
        ],
        widget=forms.RadioSelect,
    )
    cap = forms.CharField(
        label="Plafond",
        required=False,
        max_length=20,
        help_text="Au-dessus de ce montant, rien n’est automatique. Vide\u00a0: sans plafond.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_cap(self) -> Decimal | None:
        text = self.cleaned_data["cap"].strip()
        cap = read_amount(text) if text else None
        if text and (cap is None or not 0 < cap < MOST_CAP):
            raise forms.ValidationError("Écrivez un montant positif, par exemple 2\u00a0000,00.")
        return cap
