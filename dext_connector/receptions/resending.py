"""A body that came before is published again from MEG, through the same door as Dext's own calls."""

from datetime import datetime

from dext_connector.connections.opening import connection_for
from dext_connector.models import Fate, InboxItem
from dext_connector.payloads import PublishedItem, Sent
from dext_connector.publishing import publish_item
from dext_connector.receptions.mending import REFUSALS
from firms.models import Company, User


class NotTaken(Exception):
    """The company does not take it. `str()` is one French sentence."""


def resend(*, company: Company, item: PublishedItem, sent: Sent, by: User, at: datetime, base_url: str) -> InboxItem:
    """Publish `item` to `company` in the transaction of the caller; → the reception that it makes. Raises NotTaken."""
    try:
        publication = publish_item(
            connection=connection_for(company=company, user=by, at=at),
            item=item,
            sent=sent,
            by=by,
            received_at=at,
            base_url=base_url,
        )
    except REFUSALS as error:
        raise NotTaken(str(error)) from error
    if publication.is_replay:
        raise NotTaken(f"«\u00a0{sent.external_id}\u00a0» est déjà dans MEG.")
    rows = InboxItem.objects.select_related("company", "invoice")
    return rows.get(invoice=publication.answer["id"], fate=Fate.CREATED)
