"""What a person types about rules: the account of one, all of a live one, a mended sheet."""

from django import forms
from django.db.models import Q

from achats.models import LONGEST_DELAY, PaymentMethod, SupplierRule
from achats.picked_fields import AccountField, account_picker
from achats.suppliers.ruling import RuleValues
from firms.models import Company
from ledger.models import Account, VatCode


def open_accounts(company: Company) -> list[Account]:
    """What the account picker offers."""
    return list(Account.objects.filter(company=company).for_purchases().order_by("code"))


class AccountForm(forms.Form):
    """The account that a person chooses in the place of Dext's; `etat` is what the row showed."""

    use_required_attribute = False

    def __init__(self, data, *, company: Company) -> None:
        super().__init__(data)
        self.fields["compte"] = AccountField(open_accounts(company), label="Compte")
        self.fields["etat"] = forms.CharField(required=False)

    def clean_compte(self) -> Account:
        account = self.cleaned_data["compte"]
        if account is None:
            raise forms.ValidationError("Écrivez un numéro ou un libellé de compte.")
        return account


class LiveRuleForm(forms.Form):
    """A live rule: what is left empty, it does not say."""

    use_required_attribute = False
    due_days = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST_DELAY, label="Délai de règlement (jours)"
    )
    description = forms.CharField(required=False, max_length=200, label="Description")
    is_paid = forms.BooleanField(required=False, label="Payé d’avance")

    def __init__(self, data, *, rule: SupplierRule) -> None:
        account = str(rule.account) if rule.account else ""
        known = {"due_days": rule.due_days, "description": rule.description, "is_paid": rule.is_paid}
        super().__init__(data, initial=known)
        self.accounts = open_accounts(rule.supplier.company)
        picker = account_picker(rule.supplier.company_id, rule.supplier_id)
        chosen = {
            "account": AccountField(self.accounts, picker=picker, label="Compte", initial=account),
            "vat_code": _vat_code_field(rule),
            "payment_method": _method_field(rule),
        }
        self.fields = chosen | self.fields

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and self.values().is_empty:
            raise forms.ValidationError("Une règle dit au moins une chose\u00a0: supprimez-la si elle ne sert plus.")
        return cleaned

    def values(self) -> RuleValues:
        return RuleValues(**self.cleaned_data)


def _vat_code_field(rule: SupplierRule) -> forms.Field:
    usable = Q(is_active=True) | Q(pk=rule.vat_code_id)
    return forms.ModelChoiceField(
        VatCode.objects.filter(usable, company=rule.supplier.company).order_by("code"),
        required=False,
        label="Code TVA",
        empty_label="Aucun",
        initial=rule.vat_code_id,
        help_text="Mis sur les factures si «\u00a0Utiliser le taux de TVA fournisseur\u00a0» est choisi.",
    )


def _method_field(rule: SupplierRule) -> forms.Field:
    usable = Q(is_active=True) | Q(pk=rule.payment_method_id)
    return forms.ModelChoiceField(
        PaymentMethod.objects.filter(usable, company=rule.supplier.company).order_by("label"),
        required=False,
        label="Moyen de paiement",
        empty_label="Aucun",
        initial=rule.payment_method_id,
    )


class SheetForm(forms.Form):
    """The mended sheet."""

    use_required_attribute = False
    feuille = forms.FileField(
        label="Feuille CSV",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
