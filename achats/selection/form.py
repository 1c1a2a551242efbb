"""What one asks for the purchases that are ticked in the list."""

from uuid import UUID

from django import forms
from django.http import QueryDict

from achats.browsing.listing import Listing
from achats.models import PaymentMethod
from achats.picked_fields import AccountField
from achats.selection.correcting_many import Wanted
from achats.selection.correction_runs import MOST
from firms.typography import NBSP, format_count
from ledger.models import Account, VatCode


class SelectionForm(forms.Form):
    """The purchases (`ids`, or `toutes` those of the filter) and what they shall bear: one of three fields."""

    def __init__(self, data: QueryDict, *, listing: Listing) -> None:
        super().__init__(data)
        self.ids = data.getlist("ids")
        company = self.company = listing.company
        self.listing = listing
        self.fields["compte"] = AccountField(list(Account.objects.filter(company=company).for_purchases()))
        codes = VatCode.objects.filter(company=company, is_active=True)
        self.fields["tva"] = forms.ModelChoiceField(codes, required=False)
        methods = PaymentMethod.objects.filter(company=company, is_active=True)
        self.fields["paiement"] = forms.ModelChoiceField(methods, required=False)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in self.fields):
            raise forms.ValidationError("Choisissez un compte, un code TVA ou un moyen de paiement.")
        if not (chosen := self._chosen()):
            raise forms.ValidationError("Cochez d’abord des factures.")
        if len(chosen) > MOST:
            most = format_count(MOST)
            raise forms.ValidationError(f"Au plus {most}{NBSP}factures à la fois{NBSP}: resserrez les filtres.")
        return cleaned | {"chosen": chosen}

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(account=data["compte"], vat_code=data["tva"], payment_method=data["paiement"])

    @property
    def refusal(self) -> str:
        """All that was refused, in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def _chosen(self) -> list[UUID]:
        if self.data.get("toutes"):
            return list(self.listing.rows().order_by().values_list("pk", flat=True)[: MOST + 1])
        try:
            return [UUID(value) for value in self.ids]
        except ValueError:
            return []
