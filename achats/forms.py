"""What a person types to mend a purchase."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from achats.account_choices import meant_accounts
from achats.filters import DayField
from achats.models import InvoiceLine, Kind, PaymentMethod, PurchaseInvoice, Supplier
from achats.suppliers import answering
from firms.typography import format_day
from ledger.models import Account, VatCode

LINE_FIELDS = ("account", "vat_code")


class AccountField(forms.CharField):
    """An account by its number or the start of it, or by the start of a word of its label, where only one answers."""

    def __init__(self, accounts: list[Account], *, nature: str = "ouvert aux achats", **options) -> None:
        super().__init__(**{"required": False, "max_length": 140} | options)
        self.accounts, self.nature = accounts, nature
        self.widget.attrs |= {"list": "comptes", "autocomplete": "off", "placeholder": "6257 ou récep"}

    def clean(self, value: str) -> Account | None:
        text = super().clean(value)
        if not text:
            return None
        found = meant_accounts(self.accounts, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Plusieurs comptes répondent à « {text} » : {_listed(found)}. Précisez.")
        raise ValidationError(f"Aucun compte {self.nature} ne répond à « {text} ».")


def _listed(accounts: list[Account]) -> str:
    more = " …" if len(accounts) > 3 else ""
    return ", ".join(str(account) for account in accounts[:3]) + more


class CorrectionForm(forms.Form):
    """The fields of a purchase that a person may mend, and the account and VAT code of each line."""

    use_required_attribute = False

    def __init__(
        self,
        data,
        *,
        invoice: PurchaseInvoice,
        lines: list[InvoiceLine],
        today: date,
        received: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.invoice, self.lines, self.received = invoice, lines, received or {}
        mine = Account.objects.filter(company=invoice.company)
        self.accounts = list(
            mine.for_purchases() | mine.filter(pk__in=[line.account_id for line in lines if line.account_id])
        )
        self._add_fields(today)
        self._add_line_fields()

    def _add_fields(self, today: date) -> None:
        invoice = self.invoice
        if invoice.supplier is None:
            self.fields["supplier"] = _supplier_field(invoice)
        note = forms.Textarea(attrs={"rows": 3})
        self.fields |= {
            "kind": forms.ChoiceField(choices=Kind.choices, label="Type", initial=invoice.kind),
            "reference": forms.CharField(
                required=False, max_length=100, label="N° de facture", initial=invoice.reference
            ),
            "issued_on": DayField(today=today, label="Date", initial=format_day(invoice.issued_on)),
            "due_on": DayField(
                today=today, label="Échéance", initial=format_day(invoice.due_on) if invoice.due_on else ""
            ),
            "payment_method": _method_field(invoice),
            "note": forms.CharField(required=False, max_length=2_000, label="Note", initial=invoice.note, widget=note),
        }
        self.fields["issued_on"].required = True

    def _add_line_fields(self) -> None:
        codes = VatCode.objects.filter(company=self.invoice.company)
        used = [line.vat_code_id for line in self.lines if line.vat_code_id]
        offered = list((codes.active_on(self.invoice.issued_on) | codes.filter(pk__in=used)).order_by("code"))
        for line in self.lines:
            of_line = f" de la ligne {line.position}" if len(self.lines) > 1 else ""
            account = str(line.account) if line.account else ""
            self.fields[f"compte-{line.pk}"] = AccountField(self.accounts, label=f"Compte{of_line}", initial=account)
            self.fields[f"tva-{line.pk}"] = _vat_code_field(offered, f"Code TVA{of_line}", line)
        first = self.lines[0].pk
        self.fields[f"compte-{first}"].widget.attrs["data-key"] = "c"
        self.fields[f"tva-{first}"].widget.attrs["data-key"] = "t"

    def rows(self) -> Iterator[tuple[InvoiceLine, forms.BoundField, str, forms.BoundField, str]]:
        """Each line with its two fields, and what Dext sent of each where it was changed."""
        for line in self.lines:
            account, vat_code = (self.received.get(f"lines.{line.position}.{name}", "") for name in LINE_FIELDS)
            yield line, self[f"compte-{line.pk}"], account, self[f"tva-{line.pk}"], vat_code

    def heads(self) -> list[tuple[forms.BoundField, str]]:
        """The fields of the document itself, without the note, and what Dext sent of each where it was changed."""
        names = [name for name in self.fields if "-" not in name and name != "note"]
        return [(self[name], self.received.get(name, "")) for name in names]

    @property
    def received_note(self) -> str:
        return self.received.get("note", "")

    def changes(self) -> dict:
        """The document's fields, for `correct_invoice`; a supplier that is left to choose is no change."""
        cleaned = {name: self.cleaned_data[name] for name in self.fields if "-" not in name}
        if cleaned.get("supplier", "") is None:
            del cleaned["supplier"]
        return cleaned

    def line_changes(self) -> dict[UUID, dict]:
        return {
            line.pk: {
                "account": self.cleaned_data[f"compte-{line.pk}"],
                "vat_code": self.cleaned_data[f"tva-{line.pk}"] or None,
            }
            for line in self.lines
        }


def _supplier_field(invoice: PurchaseInvoice) -> forms.Field:
    """Those who answer to the name that was received."""
    found = answering(company=invoice.company, name=invoice.supplier_name)
    return forms.ModelChoiceField(
        Supplier.objects.filter(pk__in=[supplier.pk for supplier in found]),
        required=False,
        label="Fournisseur",
        empty_label=f"Choisir : {invoice.supplier_name}",
    )


def _method_field(invoice: PurchaseInvoice) -> forms.Field:
    in_use = Q(is_active=True) | Q(pk=invoice.payment_method_id)
    return forms.ModelChoiceField(
        PaymentMethod.objects.filter(in_use, company=invoice.company),
        required=False,
        label="Moyen de paiement",
        initial=invoice.payment_method_id,
        empty_label=invoice.payment_label or "Aucun",
    )


def _vat_code_field(offered: list[VatCode], label: str, line: InvoiceLine) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("", "—"), *((str(code.pk), str(code)) for code in offered)],
        coerce=lambda pk: next(code for code in offered if str(code.pk) == pk),
        empty_value=None,
        required=False,
        label=label,
        initial=str(line.vat_code_id or ""),
    )
