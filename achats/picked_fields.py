"""Fields that a person fills by a number or a word: the script unfolds what answers, and so does the server once sent.

Where `data-picker` is an address of this app, `?q=` of it answers with the choices; without the script the field offers
the page's list, or nothing.
"""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from achats.account_choices import meant_accounts
from achats.models import Supplier
from achats.suppliers.choices import meant_suppliers
from firms.models import Company
from ledger.models import Account

UNKNOWN = "unknown"


class AccountField(forms.CharField):
    """An account by its number or the start of it, or by the start of a word of its label, where only one answers."""

    def __init__(
        self, accounts: list[Account], *, picker: str = "", nature: str = "ouvert aux achats", **options
    ) -> None:
        super().__init__(**{"required": False, "max_length": 140} | options)
        self.accounts, self.nature = accounts, nature
        self.widget.attrs |= {"list": "comptes", "autocomplete": "off", "placeholder": "6257 ou récep"}
        if picker:
            self.widget.attrs["data-picker"] = picker

    def clean(self, value: str) -> Account | None:
        text = super().clean(value)
        if not text:
            return None
        found = meant_accounts(self.accounts, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Plusieurs comptes répondent à « {text} » : {listed(found)}. Précisez.")
        raise ValidationError(f"Aucun compte {self.nature} ne répond à « {text} ».")


class SupplierField(forms.CharField):
    """A supplier by its name, or by the start of it where only one answers; `now` is the one that stands.

    With `may_create` a name that nobody bears is answered as it was typed.
    """

    def __init__(self, company: Company, *, now: Supplier, may_create: bool = False, **options) -> None:
        super().__init__(max_length=240, label="Fournisseur", initial=now.name, **options)
        self.company, self.now, self.may_create = company, now, may_create
        self.widget.attrs |= {"autocomplete": "off", "data-picker": supplier_picker(company.pk)}

    def clean(self, value: str | None) -> Supplier | str:
        text = self.now.name if value is None else super().clean(value)  # a field that was not sent is not changed
        if text == self.now.name:
            return self.now
        found = meant_suppliers(company=self.company, text=text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Plusieurs fournisseurs répondent à « {text} » : {listed(found)}. Précisez.")
        if self.may_create:
            return text
        raise ValidationError(f"Fournisseur inconnu : « {text} ».", code=UNKNOWN)


def account_picker(company_id: UUID, supplier_id: UUID | None = None) -> str:
    """The `data-picker` of an account; the habits of the supplier come first."""
    return f"{reverse('achats:account_choices', args=[company_id])}?fournisseur={supplier_id or ''}"


def supplier_picker(company_id: UUID) -> str:
    return f"{reverse('achats:supplier_choices', args=[company_id])}?"


def listed(found: Iterable[Account | Supplier]) -> str:
    """« Monoprix, Moulins, Mousse … »: the first three."""
    words = [str(row) for row in found]
    return ", ".join(words[:3]) + (" …" if len(words) > 3 else "")
