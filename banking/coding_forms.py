"""« Compte » of a bank line: the account, and the VAT that may be deducted; the account of the chart behind a bank."""

from django import forms

from achats.picked_fields import AccountField, account_picker
from banking.accounts.transaction_filters import AmountField
from banking.coding import FINANCIAL
from banking.codings import usual_coding
from banking.models import BankAccount, BankTransaction
from ledger.books import Books
from ledger.models import Account, VatCode, VatKind


class CodingForm(forms.Form):
    """What is asked of a line; the account that a person gave last to its like stands in the field."""

    use_required_attribute = False

    def __init__(self, data, *, line: BankTransaction) -> None:
        usual = usual_coding(line) if data is None else None
        super().__init__(data, label_suffix="", auto_id=f"id_%s_{line.pk}")
        self.usual = usual
        self.fields["compte"] = _account_field(line, str(usual.account) if usual else "")
        if codes := _codes(line):
            by_id = {str(code.pk): code for code in codes}
            self.fields["code_tva"] = forms.TypedChoiceField(
                choices=[("", "Sans TVA"), *((pk, str(code)) for pk, code in by_id.items())],
                coerce=by_id.get,
                empty_value=None,
                required=False,
                label="Code TVA",
                initial=str(usual.vat_code_id or "") if usual else "",
            )
            self.fields["tva"] = AmountField(label="TVA")
            self.fields["tva"].widget.attrs["placeholder"] = "selon le taux"


def _account_field(line: BankTransaction, initial: str) -> AccountField:
    rows = Account.objects.filter(company=line.company_id, is_active=True).order_by("code")
    missing = {"required": "Choisissez le compte de cette ligne."}
    field = AccountField(
        list(rows),
        picker=account_picker(line.company_id) + "&tous=oui",
        nature="du dossier",
        required=True,
        label="Compte",
        initial=initial,
        error_messages=missing,
    )
    field.widget.attrs |= {"autofocus": True, "placeholder": "6278 ou frais"}
    return field


def _codes(line: BankTransaction) -> list[VatCode]:
    """Those that may be deducted on its day; none where the company deducts none."""
    if not Books.of(line.company).deducts_vat:
        return []
    codes = VatCode.objects.active_on(line.booked_on).filter(company=line.company_id, kind=VatKind.DEDUCTIBLE)
    return list(codes.filter(rate__gt=0).order_by("code"))


class LedgerAccountForm(forms.Form):
    """Which account of class 5 the books keep for a bank account."""

    use_required_attribute = False
    ledger_account = forms.ModelChoiceField(
        Account.objects.none(),
        required=False,
        label="Compte comptable",
        empty_label="À choisir",
        help_text="Les écritures de banque passent par lui : lignes imputées, règlements d’un dossier en trésorerie.",
    )

    def __init__(self, data, *, account: BankAccount) -> None:
        super().__init__(data, label_suffix="", initial={"ledger_account": account.ledger_account_id})
        rows = Account.objects.filter(company=account.company_id, is_active=True, code__startswith=FINANCIAL)
        self.fields["ledger_account"].queryset = rows.order_by("code")  # type: ignore[attr-defined] # a model field
