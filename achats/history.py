"""The history of a purchase in words: what happened, when, by whom, and what it changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import models

from achats.models import InvoiceLine, PurchaseInvoice
from firms.models import Event
from firms.typography import NOTHING, format_amount, format_day

SHOWN = 50
SPLIT, UNITED = "purchase.vat_split", "purchase.vat_united"
KINDS = {
    "purchase.received": "Reçue",
    "purchase.not_ready": "Pas prête",
    "purchase.corrected": "Corrigée",
    "purchase.republished": "Publiée à nouveau par Dext",
    SPLIT: "TVA ventilée",
    UNITED: "Revenue à une ligne",
    "purchase.cancelled": "Annulée",
    "purchase.merged": "Réunie avec son doublon",
    "pieces.brought": "Pièce reçue du client",
    "purchase.moved": "Déplacée d’un dossier à l’autre",
    "purchase.document_attached": "Pièce jointe",
    "purchase.posted": "Comptabilisée",
    "purchase.settled": "Réglée",
    "purchase.matched": "Rapprochée avec la banque",
    "purchase.unmatched": "Rapprochement défait",
}
EMPTY: tuple[object, ...] = ("", "None", None, [])


@dataclass(frozen=True)
class Happening:
    """A line of the history; `who` is « automatique » for the machine, `changes` are (field, before, after)."""

    kind: str
    at: datetime
    words: str
    who: str
    changes: list[tuple[str, str, str]]


def history_of(invoice: PurchaseInvoice) -> list[Happening]:
    """The newest first: one query."""
    events = Event.objects.filter(company=invoice.company_id, subject_id=invoice.pk)
    return [_told(event) for event in events.select_related("by").order_by("-id")[:SHOWN]]


def _told(event: Event) -> Happening:
    who = str(event.by) if event.by else "automatique"
    by_line = sorted(event.changes.items(), key=lambda change: _line_of(change[0]))
    changes = [told for name, pair in by_line if (told := _change(name, pair))]
    return Happening(event.kind, event.at, KINDS.get(event.kind, "Modifiée"), who, changes)


def _line_of(name: str) -> int:
    """The line that `lines.2.account` is of; 0 for the document itself."""
    position = name.split(".")[1] if name.startswith("lines.") else ""
    return int(position) if position.isdecimal() else 0


def _change(name: str, pair: list) -> tuple[str, str, str] | None:
    """A change of a field that people know; codes and ids (« reasons », « transaction ») are for machines."""
    before, after = pair
    if name == "document":
        return "Pièce", _value(None, before), _value(None, after)
    head, _, rest = name.partition(".")
    position, _, of_line = rest.partition(".")
    is_line = head == "lines" and bool(of_line)
    field = _fields(InvoiceLine).get(of_line) if is_line else _fields(PurchaseInvoice).get(name)
    if field is None or name == "reasons":
        return None
    label = str(field.verbose_name)
    words = label[:1].upper() + label[1:] + (f", ligne {position}" if is_line else "")
    return words, _value(field, before), _value(field, after)


def _fields(model: type[models.Model]) -> dict[str, models.Field]:
    return {field.name: field for field in model._meta.concrete_fields}


def _value(field: models.Field | None, value: object) -> str:
    """A value that JSON kept, as a person reads it."""
    if value in EMPTY:
        return NOTHING
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, NOTHING))
    if isinstance(field, models.BooleanField):
        return "oui" if str(value) == "True" else "non"
    try:
        if isinstance(field, models.DateField):
            return format_day(date.fromisoformat(str(value)))
        if isinstance(field, models.DecimalField):
            return format_amount(Decimal(str(value)))
    except (ValueError, InvalidOperation):
        return NOTHING
    return str(value)
