"""One item of Dext becomes one purchase, once: the inbox row, the five settings, the purchase, then the tasks."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from achats.documents.keeping import check_document, store_document
from achats.drafts import InvoiceDraft
from achats.models import Document, PurchaseInvoice, Supplier, SupplierRule
from achats.recording import record_invoice
from achats.suppliers.finding import find_or_create_supplier
from banking.match_asking import ask_for_news
from dext_connector.calls.idempotency import answered_before
from dext_connector.calls.versions import etag_of
from dext_connector.connections.integration import complete_settings
from dext_connector.inbox import keep_fate
from dext_connector.items.consistency import faults_of
from dext_connector.items.document_fetching import ask_for_fetch
from dext_connector.items.drafting import draft_of
from dext_connector.models import DextConnection, Fate
from dext_connector.payloads import PublishedItem, Refused, Sent
from dext_connector.resolving import Rows, resolve
from dext_connector.serializers.answers import answer_of
from dext_connector.webhooks.asking import ask_for_delivery
from firms.models import Company, User


class ItemRefused(Refused):
    """The item must be mended in Dext before it is published again."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What a publish is answered: the first answer where it was a replay, which says nothing of the present `etag`."""

    http_status: int
    answer: dict
    is_replay: bool = False
    etag: str = ""


@transaction.atomic
def publish_item(
    *,
    connection: DextConnection,
    item: PublishedItem,
    sent: Sent,
    by: User | None,
    received_at: datetime,
    base_url: str,
    is_dry_run: bool = False,
) -> Publication:
    """Record `item` for the company of `connection`, or give again what was answered before; its fate with it.

    `base_url` (« https://meg.example/ ») starts the addresses in the answer. A dry run checks all and stores nothing.
    Raises ItemRefused, SettingsIncomplete, AlreadyPublished, KeyReused, StillRunning, UnknownFileType, FileTooLarge:
    then nothing is stored, the fate neither.
    """
    company = connection.company
    keep = partial(keep_fate, company=company, sent=sent, by=by, at=received_at)
    if first := answered_before(company=company, sent=sent, at=received_at):
        if not is_dry_run:
            keep(fate=Fate.REPLAYED, http_status=first.http_status, answer=first.answer, invoice=first.invoice)
        return Publication(http_status=first.http_status, answer=first.answer, is_replay=True)
    invoice, documents = _record(connection, item, sent, by, received_at, is_dry_run)
    answer = answer_of(invoice, base_url=base_url, documents=documents)
    if is_dry_run:
        transaction.set_rollback(True)
        return Publication(http_status=200, answer=answer | {"id": None, "web_url": None})
    keep(fate=Fate.CREATED, http_status=201, answer=answer, invoice=invoice)
    ask_for_news(company_id=company.pk)
    ask_for_delivery()
    return Publication(http_status=201, answer=answer, etag=etag_of(invoice, answer))


def _record(
    connection: DextConnection, item: PublishedItem, sent: Sent, by: User | None, at: datetime, is_dry_run: bool
) -> tuple[PurchaseInvoice, list[Document]]:
    draft = checked_draft(company=connection.company, item=item, at=at)
    draft = replace(draft, is_document_awaited=bool(item.document_url) and sent.document is None)
    documents = documents_of(connection, sent, is_dry_run)
    invoice = record_invoice(company=connection.company, draft=draft, by=by, at=at, documents=documents)
    if draft.is_document_awaited:
        ask_for_fetch(invoice=invoice, url=item.document_url, at=at)
    return invoice, documents


def checked_draft(*, company: Company, item: PublishedItem, at: datetime) -> InvoiceDraft:
    """What `item` records, with its supplier, found or new. Raises SettingsIncomplete, ItemRefused."""
    settings = complete_settings(company)
    rows, faults = resolve(company=company, item=item)
    faults = [*item.faults, *faults_of(item, today=timezone.localdate(at)), *faults]
    if faults:
        raise ItemRefused(faults)
    supplier = _supplier(company, item, rows)
    rules = SupplierRule.objects.select_related("account", "vat_code", "payment_method")
    rule = rules.filter(supplier=supplier).first() if supplier else None
    return draft_of(item, rows, settings=settings, supplier=supplier, rule=rule)


def _supplier(company: Company, item: PublishedItem, rows: Rows) -> Supplier | None:
    """The one that was named by id, else found by number or name, else new; None where two answer."""
    named = item.supplier
    return rows.supplier or find_or_create_supplier(
        company=company, name=named.name, siren=named.siren, vat_number=named.vat_number
    )


def documents_of(connection: DextConnection, sent: Sent, is_dry_run: bool) -> list[Document]:
    """The file that came, kept; a dry run only looks at it."""
    if sent.document is None:
        return []
    data, filename = sent.document.content, sent.document.filename
    if is_dry_run:
        check_document(data=data, filename=filename)
        return []
    return [store_document(company=connection.company, data=data, filename=filename)]
