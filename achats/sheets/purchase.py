"""What the page of one purchase shows, read in a number of queries that does not grow with it."""

from functools import cached_property
from uuid import UUID

from django.http import Http404

from achats.changing.history import LINED, SPLIT, UNITED, Happening, events_of, history_of, received_values
from achats.models import InvoiceComment, InvoiceDocument, InvoiceLine, PurchaseInvoice, Source, Status
from achats.suppliers.habits import Habit, proposed_account
from achats.vat.proposals import Proposal, proposals_for
from firms.models import Company, Event


def just_published(company: Company, text: str) -> PurchaseInvoice | None:
    """The one that was published before this page opened, while it still may be taken back by its entry."""
    try:
        rows = PurchaseInvoice.objects.for_company(company).filter(pk=UUID(text), entry__isnull=False)
    except ValueError:
        return None
    return rows.select_related("entry__journal", "entry__fiscal_year").first()


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
    def splits(self) -> list[Proposal]:
        """The plausible splits of a mixed VAT, the likeliest first."""
        return proposals_for(self.invoice, self.lines)

    @property
    def is_split(self) -> bool:
        """Whether its lines come from one, which « Revenir à une ligne » brings back."""
        last = next((event for event in self.events if event.kind in {SPLIT, LINED, UNITED}), None)
        return self.is_open and len(self.lines) > 1 and last is not None and "united" in last.changes

    @cached_property
    def events(self) -> list[Event]:
        return events_of(self.invoice)

    @cached_property
    def history(self) -> list[Happening]:
        return history_of(self.events)

    @cached_property
    def received(self) -> dict[str, str]:
        """What Dext sent of the fields that a person changed since, in words."""
        return received_values(self.events) if self.invoice.source == Source.DEXT else {}

    @cached_property
    def comments(self) -> list[InvoiceComment]:
        return list(self.invoice.comments.select_related("by").order_by("id"))
