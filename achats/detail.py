"""What the page of one purchase shows, read in a number of queries that does not grow with it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Model
from django.http import Http404

from achats.habits import Habit, proposed_account
from achats.models import InvoiceDocument, InvoiceLine, PurchaseInvoice, Status
from firms.models import Company, Event

EVENTS_SHOWN = 50
KINDS = {
    "purchase.received": "Reçue",
    "purchase.not_ready": "Pas prête",
    "purchase.corrected": "Corrigée",
    "purchase.cancelled": "Annulée",
    "purchase.document_attached": "Pièce jointe",
    "purchase.posted": "Comptabilisée",
    "purchase.settled": "Réglée",
    "purchase.matched": "Rapprochée avec la banque",
    "purchase.unmatched": "Rapprochement défait",
    "purchase.suggestion_refused": "Suggestion refusée",
}
YES_NO: dict[object, str] = {True: "oui", False: "non", None: "—", "": "—"}


@dataclass(frozen=True)
class Happening:
    """A line of the history: when, what, who (« automatique » where the machine), and (field, before, after)."""

    at: datetime
    words: str
    who: str
    changes: list[tuple[str, str, str]]


class InvoicePage:
    """A purchase of `company` with what stands around it. Raises Http404 where it is none of the company's."""

    def __init__(self, company: Company, invoice_id: UUID) -> None:
        rows = PurchaseInvoice.objects.for_company(company).select_related(
            "company", "supplier", "payment_method", "duplicate_of"
        )
        invoice = rows.filter(pk=invoice_id).first()
        if invoice is None:
            raise Http404("Cette facture n’existe pas, ou vous n’y avez pas accès.")
        self.invoice = invoice

    @property
    def is_open(self) -> bool:
        return self.invoice.status in {Status.NOT_READY, Status.READY}

    @cached_property
    def lines(self) -> list[InvoiceLine]:
        return list(self.invoice.lines.select_related("account", "vat_code").order_by("position"))

    @cached_property
    def attachments(self) -> list[InvoiceDocument]:
        return list(self.invoice.attachments.select_related("document").order_by("position"))

    @property
    def is_rendering(self) -> bool:
        documents = [attachment.document for attachment in self.attachments]
        return any(document.page_count is None and not document.rendering_error for document in documents)

    @cached_property
    def proposal(self) -> Habit | None:
        """The usual account, where the purchase lacks one."""
        lacks = any(reason["code"] == "account_missing" for reason in self.invoice.reasons)
        return proposed_account(self.invoice) if lacks else None

    @cached_property
    def history(self) -> list[Happening]:
        events = Event.objects.filter(company=self.invoice.company_id, subject_id=self.invoice.pk)
        return [_told(event) for event in events.select_related("by").order_by("-id")[:EVENTS_SHOWN]]


def _told(event: Event) -> Happening:
    who = str(event.by) if event.by else "automatique"
    pairs = [(name, *pair) for name, pair in event.changes.items() if isinstance(pair, list) and len(pair) == 2]
    changes = [(_field(name), _value(before), _value(after)) for name, before, after in pairs if name != "reasons"]
    return Happening(event.at, KINDS.get(event.kind, event.kind), who, changes)


def _field(name: str) -> str:
    """« lines.2.account » → « Compte, ligne 2 »."""
    head, _, rest = name.partition(".")
    if head == "lines" and "." in rest:
        position, _, field = rest.partition(".")
        return f"{_label(InvoiceLine, field)}, ligne {position}"
    return _label(PurchaseInvoice, name)


def _label(model: type[Model], name: str) -> str:
    fields = {field.name: field.verbose_name for field in model._meta.concrete_fields}
    label = str(fields.get(name, "Pièce" if name == "document" else name))
    return label[:1].upper() + label[1:]


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return YES_NO.get(value, str(value))
