"""The history of a purchase in words: what happened, when, by whom, what it changed, and what had been received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import models

from achats.models import InvoiceLine, PurchaseInvoice
from firms.models import Event
from firms.typography import NOTHING, format_amount, format_day

SHOWN = 50
SPLIT, LINED, UNITED = "purchase.vat_split", "purchase.lined", "purchase.vat_united"
CORRECTED = "purchase.corrected"
RECEPTIONS = {"purchase.received", "purchase.republished"}
KINDS = {
    "purchase.received": "Reçue",
    "purchase.not_ready": "Pas prête",
    CORRECTED: "Corrigée",
    "purchase.republished": "Publiée à nouveau par Dext",
    SPLIT: "TVA ventilée",
    LINED: "Lignes changées",
    UNITED: "Revenue à une ligne",
    "purchase.cancelled": "Annulée",
    "purchase.restored": "Rétablie",
    "purchase.merged": "Réunie avec son doublon",
    "pieces.brought": "Pièce reçue du client",
    "purchase.moved": "Déplacée d’un dossier à l’autre",
    "purchase.document_attached": "Pièce jointe",
    "purchase.posted": "Comptabilisée",
    "purchase.unposted": "Publication annulée",
    "purchase.reversed": "Contre-passée",
    "purchase.payment_posted": "Règlement comptabilisé",
    "purchase.payment_withdrawn": "Écriture de règlement annulée",
    "purchase.settled": "Réglée",
    "purchase.commented": "Commentée",
    "purchase.comment_withdrawn": "Commentaire retiré",
    "purchase.matched": "Rapprochée avec la banque",
    "purchase.unmatched": "Rapprochement défait",
    "purchase.match_refused": "Suggestion refusée",
    "purchase.match_reopened": "Refus repris",
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


def events_of(invoice: PurchaseInvoice) -> list[Event]:
    """The last SHOWN, the newest first: one query."""
    events = Event.objects.filter(company=invoice.company_id, subject_id=invoice.pk)
    return list(events.select_related("by").order_by("-id")[:SHOWN])


def history_of(events: Sequence[Event]) -> list[Happening]:
    return [_told(event) for event in events]


def received_values(events: Sequence[Event]) -> dict[str, str]:
    """What Dext sent, in words, of each field that a person changed since: « issued_on », « lines.2.account ».

    `events` are the newest first. Nothing where its reception is too long ago to be among them; no line once the lines
    were split, for they are no longer those that were received.
    """
    place = next((place for place, event in enumerate(events) if event.kind in RECEPTIONS), None)
    since = list(reversed(events[:place])) if place is not None else []
    is_split = any(event.kind in {SPLIT, LINED, UNITED} for event in since)
    told: dict[str, list[str]] = {}
    for event in since:
        for name, pair in event.changes.items() if event.kind == CORRECTED else ():
            if (change := _change(name, pair)) and not (is_split and name.startswith("lines.")):
                told[name] = [told[name][0] if name in told else change[1], change[2]]
    return {name: before for name, (before, after) in told.items() if before != after}


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
