"""What a person types to mend a purchase."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from achats.browsing.filter_fields import DayField
from achats.changing.relining import WantedLine, is_same_shape, lines_refusal
from achats.models import InvoiceLine, Kind, PaymentMethod, PurchaseInvoice, Supplier
from achats.picked_fields import UNKNOWN, SupplierField, account_picker
from achats.sheets.line_fields import NAMES, LineRow, keys_of, line_fields
from achats.suppliers.finding import answering
from firms.typography import format_day
from ledger.models import Account, VatCode

# What says that a supplier whom nobody knows shall be created.
CREATES = "creer"
# The key of the line that is drawn for the script alone.
NEW = "nouvelle"


class CorrectionForm(forms.Form):
    """The fields of a purchase that a person may mend, and its lines."""

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
        self.standing = {str(line.pk): line for line in lines}
        self.keys = keys_of(data, lines)
        mine = Account.objects.filter(company=invoice.company)
        self.accounts = list(
            mine.for_purchases() | mine.filter(pk__in=[line.account_id for line in lines if line.account_id])
        )
        self._add_fields(today)
        self._add_line_fields()

    def _add_fields(self, today: date) -> None:
        invoice = self.invoice
        now = invoice.supplier
        self.fields["supplier"] = self._known_supplier(now) if now else _supplier_field(invoice)
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

    def _known_supplier(self, now: Supplier) -> SupplierField:
        return SupplierField(self.invoice.company, now=now, may_create=CREATES in self.data)

    @property
    def offers_new_supplier(self) -> bool:
        """Whether the supplier that was typed is known to nobody, and could be created."""
        return self.has_error("supplier", UNKNOWN)

    @property
    def new_supplier(self) -> str:
        """The name of the supplier to create; "" for none."""
        supplier = self.cleaned_data["supplier"]
        return supplier if isinstance(supplier, str) else ""

    def _add_line_fields(self) -> None:
        codes = VatCode.objects.filter(company=self.invoice.company)
        used = [line.vat_code_id for line in self.lines if line.vat_code_id]
        offered = list((codes.active_on(self.invoice.issued_on) | codes.filter(pk__in=used)).order_by("code"))
        picker = account_picker(self.invoice.company_id, self.invoice.supplier_id)
        for place, key in enumerate([*self.keys, NEW], 1):
            of_line = f" de la ligne {place}" if len(self.keys) > 1 or key == NEW else ""
            line = self.standing.get(key)
            self.fields |= line_fields(key, line, accounts=self.accounts, codes=offered, picker=picker, of_line=of_line)
        first = self.keys[0]
        self.fields[f"compte-{first}"].widget.attrs["data-key"] = "c"
        self.fields[f"tva-{first}"].widget.attrs["data-key"] = "t"

    def rows(self) -> list[LineRow]:
        """Each line with its fields."""
        return [self._row(key, place) for place, key in enumerate(self.keys, 1)]

    def blank_row(self) -> LineRow:
        """What the script makes one more line of."""
        return self._row(NEW, len(self.keys) + 1)

    def _row(self, key: str, place: int) -> LineRow:
        start = f"lines.{place}."
        changed = {name: self.received.get(start + name, "") for name in ("account", "vat_code")}
        label, account, vat_code, vat_amount, gross_amount = (self[f"{name}-{key}"] for name in NAMES)
        return LineRow(key, self.standing.get(key), label, account, vat_code, vat_amount, gross_amount, changed)

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
        supplier = cleaned["supplier"]
        if supplier is None or isinstance(supplier, str):
            del cleaned["supplier"]
        elif self.invoice.supplier_id and supplier.pk != self.invoice.supplier_id:
            cleaned["supplier_name"] = supplier.name
        return cleaned

    def wanted_lines(self) -> list[WantedLine]:
        """All the lines as they shall be, in order."""
        return [self._wanted(key) for key in self.keys]

    def _wanted(self, key: str) -> WantedLine:
        line = self.standing.get(key)
        label, account, vat_code, vat, gross = (self.cleaned_data[f"{name}-{key}"] for name in NAMES)
        if line:  # a field that was not sent is not changed
            label = label if f"libelle-{key}" in self.data else line.label
            vat = vat if f"montant-tva-{key}" in self.data else line.vat_amount
            gross = gross if f"ttc-{key}" in self.data else line.gross_amount
        return WantedLine(
            line_id=line.pk if line else None,
            label=label,
            account=account,
            vat_code=vat_code or None,
            vat_amount=vat,
            gross_amount=gross or Decimal(0),
        )

    def deed(self) -> dict[str, Any]:
        """What was typed, for `correct_with_lines`."""
        return {"changes": self.changes(), "wanted": self.wanted_lines(), "new_supplier": self.new_supplier}

    def line_in_memory(self, wanted: WantedLine) -> InvoiceLine:
        """`wanted` as a row that is not stored, for the entry to be."""
        line = self.standing.get(str(wanted.line_id)) or InvoiceLine(company=self.invoice.company, invoice=self.invoice)
        line.label, line.account, line.vat_code = wanted.label, wanted.account, wanted.vat_code
        line.vat_amount, line.gross_amount = wanted.vat_amount, wanted.gross_amount
        return line

    def clean(self) -> dict[str, Any]:
        """Where an amount was typed, the lines make what was received."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            wanted = self.wanted_lines()
            same = is_same_shape({line.pk: line for line in self.lines}, wanted)
            if refusal := "" if same else lines_refusal(self.invoice, wanted):
                raise forms.ValidationError(refusal, code="lines")
        return cleaned

    def forget_errors(self) -> None:
        """For a form that is shown again though nobody asked to save it."""
        self.errors.clear()


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
