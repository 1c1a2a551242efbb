"""The documents that wait for an invoice, each with the invoices that the same file proves already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from achats.models import Deposit, InvoiceDocument, PurchaseInvoice, Status
from firms.models import Company

SHOWN = 200


@dataclass(frozen=True)
class WaitingDeposit:
    """A deposit; `known` are the live purchases to which its file is joined already."""

    deposit: Deposit
    known: list[PurchaseInvoice] = field(default_factory=list)


def waiting_deposits(company: Company) -> list[WaitingDeposit]:
    """The oldest first, at most SHOWN: two queries."""
    rows = Deposit.objects.waiting().filter(company=company).select_related("document", "deposited_by")
    return with_known(list(rows.order_by("id")[:SHOWN]))


def with_known(deposits: Sequence[Deposit]) -> list[WaitingDeposit]:
    """What the files of `deposits` prove already: one query."""
    joined = InvoiceDocument.objects.filter(document__in=[deposit.document_id for deposit in deposits])
    known: defaultdict[UUID, list[PurchaseInvoice]] = defaultdict(list)
    for row in joined.exclude(invoice__status=Status.CANCELLED).select_related("invoice").order_by("id"):
        known[row.document_id].append(row.invoice)
    return [WaitingDeposit(deposit, known[deposit.document_id]) for deposit in deposits]
