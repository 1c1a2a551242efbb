"""The entry of a purchase on its page, and « Publier » on a line of the list: `{% load entries %}`."""

from django import template

from achats.books.entry_panels import EntryPanel, panel_of
from achats.books.obstacles import book_obstacle_of
from achats.models import PurchaseInvoice, Status
from achats.sheets.purchase import InvoicePage
from firms.models import Company
from firms.roles import Right, grants
from ledger.books import are_cash_based

register = template.Library()


@register.simple_tag
def entry_panel(purchase: InvoicePage) -> EntryPanel:
    """The entry that will be, or that stands."""
    return panel_of(purchase.invoice, purchase.lines if purchase.is_open else None)


@register.simple_tag
def may_post(company: Company) -> bool:
    """Whether who looks may publish."""
    return grants(company.role, Right.WRITE)


@register.inclusion_tag("achats/row_status.html", takes_context=True)
def row_status(context: template.Context, invoice: PurchaseInvoice) -> dict:
    """The badge of the status; « Publier » where it is ready, « En attente de règlement » in a cash-based company."""
    return status_context(context["company"], invoice, query=context["request"].GET.urlencode())


def status_context(company: Company, invoice: PurchaseInvoice, *, query: str, is_swapped: bool = False) -> dict:
    """What `achats/row_status.html` shows; `query` keeps the list from which the reader came."""
    is_ready = invoice.status == Status.READY
    return {
        "company": company,
        "invoice": invoice,
        "query": query,
        "is_swapped": is_swapped,
        "awaits_settlement": is_ready and not invoice.awaits_no_bank_line and are_cash_based(invoice.company),
        "obstacle": book_obstacle_of(invoice) if is_ready else None,
        "may_post": is_ready and grants(company.role, Right.WRITE),
    }
