"""What a person types of a supplier and of its rule."""

from django import forms
from django.db.models import Q

from achats.models import LONGEST_DELAY, PaymentMethod
from achats.picked_fields import AccountField, account_picker
from achats.sheets.supplier import SupplierPage
from achats.suppliers.ruling import NAMES, RuleValues
from ledger.models import Account, VatCode


class SupplierForm(forms.Form):
    """Name, auxiliary account, other names (one a line), and the rule: what is left empty, it does not say."""

    use_required_attribute = False

    def __init__(self, data, *, shown: SupplierPage) -> None:
        super().__init__(data, label_suffix="", initial=_known_of(shown))
        company = shown.company
        self.accounts = list(Account.objects.filter(company=company).for_purchases().order_by("code"))
        self.fields = self._identity() | self._rule(shown)

    def _identity(self) -> dict[str, forms.Field]:
        return {
            "name": forms.CharField(max_length=200, label="Nom"),
            "ledger_code": forms.CharField(required=False, max_length=20, label="Compte auxiliaire"),
            "is_active": forms.BooleanField(required=False, label="Actif"),
            "aliases": forms.CharField(
                required=False,
                max_length=4_000,
                label="Autres noms, un par ligne",
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
        }

    def _rule(self, shown: SupplierPage) -> dict[str, forms.Field]:
        delay = forms.IntegerField(
            required=False, min_value=0, max_value=LONGEST_DELAY, label="Délai de règlement (jours)"
        )
        return {
            "account": AccountField(
                self.accounts, picker=account_picker(shown.company.pk, shown.supplier.pk), label="Compte"
            ),
            **_offered(shown),
            "due_days": delay,
            "description": forms.CharField(required=False, max_length=200, label="Description"),
            "is_paid": forms.BooleanField(required=False, label="Payé d’avance"),
        }

    def clean_aliases(self) -> list[str]:
        return [name.strip()[:200] for name in self.cleaned_data["aliases"].splitlines() if name.strip()]

    def told(self) -> dict:
        """The arguments of `edit_supplier`."""
        fields = {name: self.cleaned_data[name] for name in ("name", "ledger_code", "is_active")}
        rule = RuleValues(**{name: self.cleaned_data[name] for name in NAMES})
        return {"fields": fields, "aliases": self.cleaned_data["aliases"], "rule": rule}


def _offered(shown: SupplierPage) -> dict[str, forms.Field]:
    """The VAT codes and payment methods in use, and those that the rule names."""
    rule, company = shown.rule, shown.company
    codes = VatCode.objects.filter(Q(is_active=True) | Q(pk=rule.vat_code_id if rule else None), company=company)
    methods = Q(is_active=True) | Q(pk=rule.payment_method_id if rule else None)
    return {
        "vat_code": forms.ModelChoiceField(codes.order_by("code"), required=False, label="Code TVA", empty_label="—"),
        "payment_method": forms.ModelChoiceField(
            PaymentMethod.objects.filter(methods, company=company),
            required=False,
            label="Moyen de paiement",
            empty_label="Aucun",
        ),
    }


def _known_of(shown: SupplierPage) -> dict:
    supplier, rule = shown.supplier, shown.rule
    known = {name: getattr(rule, name) for name in NAMES} if rule else {}
    return known | {
        "name": supplier.name,
        "ledger_code": supplier.ledger_code,
        "is_active": supplier.is_active,
        "aliases": "\n".join(alias.name for alias in shown.aliases),
        "account": str(rule.account) if rule and rule.account else "",
        "vat_code": rule.vat_code_id if rule else None,
        "payment_method": rule.payment_method_id if rule else None,
    }
