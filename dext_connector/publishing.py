"""One item of Dext becomes one purchase, once: the inbox row, the five settings, the purchase, then the tasks."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from achats.documents import check_document, store_document
from achats.models import Document, PurchaseInvoice, Supplier, SupplierRule
from achats.recording import record_invoice
from achats.suppliers import find_or_create_supplier
from banking.tasks import ask_for_match
from dext_connector.consistency import faults_of
from dext_connector.drafting import draft_of
from dext_connector.idempotency import answered_before
from dext_connector.inbox import keep_fate
from dext_connector.integration import complete_settings
from dext_connector.models import DextConnection, Fate
from dext_connector.payloads import PublishedItem, Refused, Sent
from dext_connector.resolving import Rows, resolve
from dext_connector.serializers.answers import answer_of
from firms.models import User


class ItemRefused(Refused):
    """The item must be mended in Dext before it is published again."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What a publish is answered: the first answer where it was a replay."""

    http_status: int
    answer: dict
    is_replay: bool = False


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
    ask_for_match(company_id=company.pk)
    return Publication(http_status=201, answer=answer)


def _record(
    connection: DextConnection, item: PublishedItem, sent: Sent, by: User | None, at: datetime, is_dry_run: bool
) -> tuple[PurchaseInvoice, list[Document]]:
    company = connection.company
    settings = complete_settings(company)
    rows, faults = resolve(company=company, item=item)
    faults = [*item.faults, *faults_of(item, today=timezone.localdate(at)), *faults]
    if faults:
        raise ItemRefused(faults)
    supplier = _supplier(connection, item, rows)
    rule = SupplierRule.objects.select_related("account", "vat_code").filter(supplier=supplier).first()
    draft = draft_of(item, rows, settings=settings, supplier=supplier, rule=rule if supplier else None)
    documents = _documents(connection, sent, is_dry_run)
    return record_invoice(company=company, draft=draft, by=by, at=at, documents=documents), documents


def _supplier(connection: DextConnection, item: PublishedItem, rows: Rows) -> Supplier | None:
    """The one that was named by id, else found by number or name, else new; None where two answer."""
    named = item.supplier
    return rows.supplier or find_or_create_supplier(
        company=connection.company, name=named.name, siren=named.siren, vat_number=named.vat_number
    )


def _documents(connection: DextConnection, sent: Sent, is_dry_run: bool) -> list[Document]:
    """The file that came, kept; a dry run only looks at it."""
    if sent.document is None:
        return []
    data, filename = sent.document.content, sent.document.filename
    if is_dry_run:
        check_document(data=data, filename=filename)
        return []
    return [store_document(company=connection.company, data=data, filename=filename)]
