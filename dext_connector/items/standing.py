"""Where a published item stands now: its purchase, its document and its match."""

from django.http import Http404

from achats.models import Document, PurchaseInvoice, Source, Status
from banking.matches.exporting import SHOWN
from banking.models import Match, MatchState
from dext_connector.destinations import can_see, destination_of
from dext_connector.serializers.answers import answer_of, moved_answer
from firms.models import Company, User


def item_of(company: Company, external_id: str) -> PurchaseInvoice:
    """The latest generation of an item. Raises Http404 where MEG has none."""
    rows = PurchaseInvoice.objects.for_company(company).filter(source=Source.DEXT, external_id=external_id)
    invoice = rows.order_by("-generation").first() if "\0" not in external_id else None
    if invoice is None:
        raise Http404
    return invoice


def standing_of(invoice: PurchaseInvoice, *, base_url: str, asked_by: User | None = None) -> dict:
    """Its answer, as `publish/` gives it, with what happened since; where it went, as far as `asked_by` may know."""
    documents = list(Document.objects.filter(attachments__invoice=invoice).order_by("attachments__position"))
    answer = answer_of(invoice, base_url=base_url, documents=documents, match=match_of(invoice))
    if invoice.status == Status.CANCELLED and (there := destination_of(invoice)):
        answer |= moved_answer(there, base_url=base_url, is_known=can_see(asked_by, there.company))
    return answer


def match_of(invoice: PurchaseInvoice) -> Match | None:
    """The match that holds, else the first suggestion."""
    rows = Match.objects.filter(invoice=invoice, state__in=SHOWN).select_related("transaction").order_by("rank", "id")
    return min(rows, key=lambda match: SHOWN.index(MatchState(match.state)), default=None)
