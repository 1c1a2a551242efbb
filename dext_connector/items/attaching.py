"""A file that comes alone joins the purchase of its item."""

from datetime import datetime

from django.db import transaction

from achats.documents.attaching import attach_document
from achats.documents.keeping import store_document
from achats.models import PurchaseInvoice
from dext_connector.items.standing import item_of
from dext_connector.payloads import SentDocument
from firms.models import Company, User


@transaction.atomic
def attach_to_item(
    *, company: Company, external_id: str, sent: SentDocument, by: User, at: datetime
) -> tuple[PurchaseInvoice, bool]:
    """The purchase as it stands now, and whether the file is new to it.

    Raises Http404, InvoiceNotEditable where it is cancelled, UnknownFileType, FileTooLarge.
    """
    invoice = item_of(company, external_id)
    document = store_document(company=company, data=sent.content, filename=sent.filename)
    is_new = attach_document(invoice=invoice, document=document, by=by, at=at)
    invoice.refresh_from_db()
    return invoice, is_new
