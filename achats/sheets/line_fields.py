"""The lines of a purchase in its form: each has a key, its id, or « n1 », « n2 » for those that are added."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import QueryDict

from achats.browsing.filter_fields import AmountField
from achats.models import InvoiceLine
from achats.picked_fields import AccountField
from firms.typography import format_amount
from ledger.models import Account, VatCode

AT_MOST = 100
NAMES = ("libelle", "compte", "tva", "montant-tva", "ttc")


@dataclass(frozen=True)
class LineRow:
    """A line as the page draws it; `line` is None for one that is added, `received` what Dext sent of what changed."""

    key: str
    line: InvoiceLine | None
    label: forms.BoundField
    account: forms.BoundField
    vat_code: forms.BoundField
    vat_amount: forms.BoundField
    gross_amount: forms.BoundField
    received: Mapping[str, str]


def keys_of(data: Mapping | None, lines: list[InvoiceLine]) -> list[str]:
    """The keys that were sent as `ligne`, in order; those of the lines that stand where none was."""
    sent = data.getlist("ligne") if isinstance(data, QueryDict) else []
    return list(dict.fromkeys(sent))[:AT_MOST] or [str(line.pk) for line in lines]


def with_lines_moved(data: QueryDict) -> QueryDict | None:
    """The form with one more line (`plus`), or without one (`moins`), for who has no script; None for neither."""
    if "plus" not in data and "moins" not in data:
        return None
    moved = data.copy()
    keys = [key for key in data.getlist("ligne") if key != data.get("moins")]
    if "plus" in data:
        keys.append(next(f"n{number}" for number in range(1, AT_MOST + 1) if f"n{number}" not in keys))
    moved.setlist("ligne", keys)
    return moved


def line_fields(
    key: str, line: InvoiceLine | None, *, accounts: list[Account], codes: list[VatCode], picker: str, of_line: str
) -> dict[str, forms.Field]:
    """The five fields of a line, by name."""
    money = {"class": "num", "autocomplete": "off"}
    account = str(line.account) if line and line.account else ""
    fields: dict[str, forms.Field] = {
        "libelle": forms.CharField(
            required=False, max_length=300, label=f"Libellé{of_line}", initial=line.label if line else ""
        ),
        "compte": AccountField(accounts, picker=picker, label=f"Compte{of_line}", initial=account),
        "tva": _vat_code_field(codes, f"Code TVA{of_line}", line),
        "montant-tva": AmountField(label=f"TVA{of_line}", initial=_typed(line.vat_amount if line else None)),
        "ttc": AmountField(label=f"TTC{of_line}", initial=_typed(line.gross_amount if line else None)),
    }
    fields["libelle"].widget.attrs["placeholder"] = "Libellé"
    for name in ("montant-tva", "ttc"):
        fields[name].widget.attrs |= money
    return {f"{name}-{key}": field for name, field in fields.items()}


def _typed(amount: Decimal | None) -> str:
    return "" if amount is None else format_amount(amount)


def _vat_code_field(offered: list[VatCode], label: str, line: InvoiceLine | None) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("", "—"), *((str(code.pk), str(code)) for code in offered)],
        coerce=lambda pk: next(code for code in offered if str(code.pk) == pk),
        empty_value=None,
        required=False,
        label=label,
        initial=str(line.vat_code_id or "") if line else "",
    )
