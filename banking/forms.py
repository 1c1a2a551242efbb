"""What a person brings to the bank pages: statement files, and which account a payment method draws on."""

from uuid import UUID

from django import forms

from achats.models import PaymentMethod
from banking.mapping import to_be_mapped
from banking.models import BankAccount
from firms.models import Company

MAX_BYTES = 200 * 1024 * 1024


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or several files: a list."""

    widget = ManyFilesInput(attrs={"accept": ".txt,.cfonb,.120,.asc,.ofx,.dat"})

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
