"""An item comes again, changed: its invoice is changed while it may be, unless somebody changed it meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from achats.changing.editing import lock_editable
from achats.models import Document, PurchaseInvoice
from achats.recording import record_again
from achats.turns import wait_our_turn
from banking.matches.renewing import renew_suggestions
from dext_connector.calls.idempotency import ITEM_LOCK, answer_of_key
from dext_connector.calls.versions import check_version, etag_of
from dext_connector.inbox import keep_fate
from dext_connector.items.document_fetching import ask_again
from dext_connector.items.standing import item_of, standing_of
from dext_connector.models import DextConnection, Fate
from dext_connector.payloads import PublishedItem, Sent
from dext_connector.publishing import Publication, checked_draft, documents_of
from firms.models import User


@transaction.atomic
def republish_item(
    *,
    connection: DextConnection,
    item: PublishedItem,
    sent: Sent,
    if_match: str,
    by: User,
    received_at: datetime,
    base_url: str,
    is_dry_run: bool = False,
) -> Publication:
    """Replace what `sent.external_id` published by `item`, with its fate; the same key answers the first answer again.

    A dry run checks all and changes nothing. Raises Http404, InvoiceNotEditable, NoVersionNamed, VersionStale, and what
    `publish_item` raises: then nothing is changed.
    """
    company = connection.company
    keep = partial(keep_fate, company=company, sent=sent, by=by, at=received_at)
    if first := answer_of_key(company=company, sent=sent, at=received_at):
        if not is_dry_run:
            keep(fate=Fate.REPLAYED, http_status=first.http_status, answer=first.answer, invoice=first.invoice)
        return Publication(http_status=first.http_status, answer=first.answer, is_replay=True)
    wait_our_turn(ITEM_LOCK, company.pk, sent.external_id)
    invoice = lock_editable(item_of(company, sent.external_id))
    check_version(if_match, etag_of(invoice, standing_of(invoice, base_url=base_url)))
    draft = checked_draft(company=company, item=item, at=received_at)
    new = _not_joined(documents_of(connection, sent, is_dry_run), invoice)
    invoice = record_again(invoice=invoice, draft=draft, by=by, at=received_at, documents=new)
    _ask_for_document(invoice, item, sent, received_at)
    renew_suggestions(invoice=invoice)
    answer = standing_of(invoice, base_url=base_url)
    if is_dry_run:
        transaction.set_rollback(True)
        return Publication(http_status=200, answer=answer)
    keep(fate=Fate.REPUBLISHED, http_status=200, answer=answer, invoice=invoice)
    return Publication(http_status=200, answer=answer, etag=etag_of(invoice, answer))


def _not_joined(documents: Iterable[Document], invoice: PurchaseInvoice) -> list[Document]:
    """Those that `invoice` has not yet."""
    return [row for row in documents if not row.attachments.filter(invoice=invoice).exists()]


def _ask_for_document(invoice: PurchaseInvoice, item: PublishedItem, sent: Sent, at: datetime) -> None:
    if item.document_url and sent.document is None:
        ask_again(invoice=invoice, url=item.document_url, at=at)
        invoice.refresh_from_db()
