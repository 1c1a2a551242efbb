"""The form of a purchase that a person types, read from its document or from a paper."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from achats.browsing.filter_fields import DayField
from achats.models import Kind, PaymentMethod, PurchaseInvoice, Supplier
from achats.picked_fields import AccountField, account_picker, supplier_picker
from achats.suppliers.choices import name_of
from firms.models import Company
from firms.typography import format_amount, format_day, read_amount
from ledger.models import Account, VatCode

# Without the script; with it, the field unfolds what answers among all.
SUPPLIERS_OFFERED = 300


class MoneyField(forms.CharField):
    """An amount, never negative, as one types it: « 1 234,56 », « 5.76 € »."""

    def __init__(self, **options) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        amount = read_amount(text)
        if amount is None:
            raise ValidationError(f"« {text} » n’est pas un montant. Écrivez-le ainsi : 1 234,56.")
        if amount < 0:
            raise ValidationError("Un montant est positif : pour un avoir, choisissez le type « Avoir ».")
        return amount


class EntryForm(forms.Form):
    """What one reads on an invoice. `invoice` is the one to complete, None for a new one."""

    use_required_attribute = False

    def __init__(self, data, *, company: Company, today: date, invoice: PurchaseInvoice | None = None) -> None:
        super().__init__(
            data, label_suffix="", initial=known_of(invoice) if invoice else {"currency": company.currency}
        )
        self.accounts = list(Account.objects.filter(company=company).for_purchases().order_by("code"))
        suppliers = Supplier.objects.filter(company=company, is_active=True).order_by("folded_name")
        self.suppliers = list(suppliers.values_list("name", flat=True)[:SUPPLIERS_OFFERED])
        self._add_head(company, today)
        self._add_amounts()
        self._add_booking(company, today)

    def _add_head(self, company: Company, today: date) -> None:
        offered = {"list": "fournisseurs", "data-picker": supplier_picker(company.pk)}
        name = forms.TextInput(attrs={**offered, "autocomplete": "off", "autofocus": True})
        self.fields |= {
            "supplier_name": forms.CharField(max_length=200, label="Fournisseur", widget=name),
            "kind": forms.ChoiceField(choices=Kind.choices, label="Type"),
            "reference": forms.CharField(required=False, max_length=100, label="N° de facture"),
            "issued_on": DayField(today=today, label="Date"),
            "due_on": DayField(today=today, label="Échéance"),
        }
        self.fields["issued_on"].required = True

    def _add_amounts(self) -> None:
        self.fields |= {
            "gross_amount": MoneyField(label="Total TTC"),
            "vat_amount": MoneyField(required=False, label="TVA"),
            "net_amount": MoneyField(required=False, label="Total HT"),
            "currency": forms.RegexField(r"^[A-Za-z]{3}$", max_length=3, label="Devise"),
        }

    def _add_booking(self, company: Company, today: date) -> None:
        codes = VatCode.objects.filter(company=company).active_on(today).order_by("code")
        methods = PaymentMethod.objects.filter(Q(is_active=True), company=company)
        self.fields |= {
            "account": AccountField(self.accounts, picker=account_picker(company.pk), label="Compte"),
            "vat_code": forms.ModelChoiceField(codes, required=False, label="Code TVA", empty_label="—"),
            "payment_method": forms.ModelChoiceField(
                methods, required=False, label="Moyen de paiement", empty_label="Aucun"
            ),
            "note": forms.CharField(required=False, max_length=2_000, label="Note"),
        }

    def clean_supplier_name(self) -> str:
        return name_of(self.cleaned_data["supplier_name"])

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        gross, vat, net = (cleaned.get(name) for name in ("gross_amount", "vat_amount", "net_amount"))
        if gross is not None and vat is not None and vat > gross:
            self.add_error("vat_amount", "La TVA dépasse le total TTC.")
        elif gross is not None and vat is not None and net is not None and net + vat != gross:
            gap = format_amount(net + vat - gross)
            self.add_error("net_amount", f"HT + TVA ne font pas le total TTC : écart de {gap}.")
        return cleaned


def known_of(invoice: PurchaseInvoice) -> dict[str, Any]:
    """What is known of a purchase, as the form shows it; a date that nobody read is left empty."""
    line = invoice.lines.select_related("account").order_by("position").first()
    amounts = {name: getattr(invoice, name) for name in ("gross_amount", "vat_amount", "net_amount")}
    if invoice.is_total_missing:
        amounts["gross_amount"] = None
    return {
        "supplier_name": "" if invoice.is_unnamed else invoice.supplier_name,
        "issued_on": "" if invoice.is_unnamed else format_day(invoice.issued_on),
        "due_on": format_day(invoice.due_on) if invoice.due_on else "",
        "account": str(line.account) if line and line.account else "",
        "vat_code": line.vat_code_id if line else None,
        "payment_method": invoice.payment_method_id,
        **{name: "" if amount is None else format_amount(amount) for name, amount in amounts.items()},
        **{name: getattr(invoice, name) for name in ("kind", "reference", "currency", "note")},
    }
