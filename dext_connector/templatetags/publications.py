"""What Dext sent of a purchase, for pages of the floors below: `{% load publications %}`."""

from typing import Any

from django import template
from django.template import RequestContext

from achats.models import PurchaseInvoice, Source, Status
from dext_connector.destinations import can_see, destination_of
from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.moving import is_movable
from firms.roles import Right, grants

register = template.Library()


@register.inclusion_tag("dext_connector/publication_panel.html", takes_context=True)
def publication_panel(context: RequestContext, invoice: PurchaseInvoice) -> dict[str, Any]:
    """The part « Dext » of a purchase's page: its reception, where it was moved, « Déplacer »: at most three queries.

    Nothing for a purchase that Dext did not send.
    """
    if invoice.source != Source.DEXT:
        return {}
    row = InboxItem.objects.filter(invoice=invoice, fate=Fate.CREATED).first()
    went = destination_of(invoice) if invoice.status == Status.CANCELLED else None
    may_write = grants(context["company"].role, Right.WRITE)
    return {
        "row": row,
        "company": context["company"],
        "went": went if went and can_see(context["user"], went.company) else None,
        "may_be_moved": may_write and row is not None and row.payload is not None and is_movable(invoice),
    }
