"""The fields of the filters of the list of purchases: a day, an amount, a supplier, an account, as one types them."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from achats.account_choices import meant_accounts
from achats.browsing.filter_conditions import NO_ACCOUNT
from achats.models import Supplier
from achats.picked_fields import account_picker, listed, supplier_picker
from achats.suppliers.choices import meant_suppliers
from firms.folding import fold
from firms.models import Company
from firms.typography import read_amount, read_day
from ledger.models import Account

WITHOUT_ACCOUNT = "Sans compte"
ACCOUNT_CODE = re.compile("[0-9]{3}[0-9A-Z]{5}", re.ASCII)
START_OF_CODE = re.compile("[0-9]{1,7}", re.ASCII)


class DayField(forms.CharField):
    """A day as one types it: « 19/08/2019 », « 190819 », « 19/8 », « hier ».

    The script writes it out when one leaves the field.
    """

    def __init__(self, *, today: date, **options) -> None:
        super().__init__(required=False, max_length=20, **options)
        self.today = today
        self.widget.attrs |= {"data-day": today.isoformat()}

    def clean(self, value: str) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        if (day := read_day(text, today=self.today)) is None:
            raise ValidationError(f"« {text} » n’est pas une date. Écrivez-la ainsi : 19/08/2019.")
        return day


class AmountField(forms.CharField):
    """An amount as one types it: « 1 743,54 € », « 5.76 »."""

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


class NamedField(forms.CharField):
    """What the URL says by a key, the page shows by its words: `words` by key, once they are known."""

    def __init__(self, *, picker: str, **options) -> None:
        super().__init__(required=False, max_length=240, **options)
        self.words: dict[str, str] = {}
        self.widget.attrs |= {"autocomplete": "off", "data-picker": picker, "data-submits-when-taken": True}

    def prepare_value(self, value: str | None) -> str | None:
        return self.words.get(value or "", value)


class SupplierFilter(NamedField):
    """A supplier by its id, or as `meant_suppliers` reads a name, those out of use too: one query for a name.

    Where several answer `found` has them, so that the page offers each.
    """

    def __init__(self, company: Company, **options) -> None:
        super().__init__(picker=f"{supplier_picker(company.pk)}tous=oui", **options)
        self.company, self.found = company, list[Supplier]()

    def clean(self, value: str) -> UUID | None:
        text = super().clean(value)
        if not text or (known := _id(text)):
            return known if text else None
        found = meant_suppliers(company=self.company, text=text, with_inactive=True)
        if len(found) == 1:
            return found[0].pk
        self.found = found
        if found:
            raise ValidationError(f"Plusieurs fournisseurs répondent à « {text} ».")
        raise ValidationError(f"Aucun fournisseur ne répond à « {text} ».")


class AccountFilter(NamedField):
    """An account by its number, all that begin as it with the start of one, or by the start of a word of its label."""

    def __init__(self, company: Company, **options) -> None:
        super().__init__(picker=f"{account_picker(company.pk)}&tous=oui&sans=oui", **options)
        self.company = company
        self.widget.attrs |= {"list": "comptes", "placeholder": "6257 ou récep"}

    def clean(self, value: str) -> str:
        """→ a whole number, the start of one, NO_ACCOUNT, or ""; only words ask the database."""
        text = super().clean(value)
        if not text or fold(text) in {NO_ACCOUNT, fold(WITHOUT_ACCOUNT)}:
            return text and NO_ACCOUNT
        head = text.split()[0].upper()
        if ACCOUNT_CODE.fullmatch(head) or START_OF_CODE.fullmatch(head):
            return head
        return self._meant(text).code

    def _meant(self, text: str) -> Account:
        found: Sequence[Account] = meant_accounts(list(Account.objects.filter(company=self.company)), text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Plusieurs comptes répondent à « {text} » : {listed(found)}.")
        raise ValidationError(f"Aucun compte ne répond à « {text} ».")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
