"""A document that Dext named by its address: fetched by the worker after the publish, again and again for a day."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from achats.documents.awaiting import await_document, give_up_document, receive_document
from achats.documents.keeping import MAX_BYTES, FileTooLarge, UnknownFileType, store_document
from achats.models import PurchaseInvoice
from dext_connector.models import DocumentFetch, FetchState
from dext_connector.outbound.addresses import AddressRefused
from dext_connector.outbound.calling import AnswerTooLarge, CallFailed, Fetched, fetch
from firms.sending import send_on_commit

# After each failed try, the wait for the next; after the last, it is given up.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(hours=17, minutes=49),
)
# A try that a killed worker began is begun anew after this.
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 200


class GivenUp(Exception):
    """Another try would end the same. `str()` says why, in French."""


def ask_for_fetch(*, invoice: PurchaseInvoice, url: str, at: datetime) -> DocumentFetch:
    """Have the document at `url` fetched once the transaction commits; the same address twice is once."""
    row, _ = DocumentFetch.objects.get_or_create(
        invoice=invoice, url=url, defaults={"company": invoice.company, "next_attempt_at": at}
    )
    send_on_commit("dext_connector.tasks.fetch_document", fetch_id=str(row.pk))
    return row


def ask_again(*, invoice: PurchaseInvoice, url: str, at: datetime) -> None:
    """As `ask_for_fetch`, for a purchase that comes again: an address that it had before is not fetched anew."""
    if not DocumentFetch.objects.filter(invoice=invoice, url=url).exists():
        await_document(invoice=invoice, at=at)
        ask_for_fetch(invoice=invoice, url=url, at=at)


def due_fetches(*, at: datetime) -> QuerySet[DocumentFetch, UUID]:
    """The ids of those whose moment has come."""
    return DocumentFetch.objects.due(at).order_by("next_attempt_at").values_list("pk", flat=True)[:MOST_AT_ONCE]


def try_fetch(*, fetch_id: UUID, at: datetime) -> None:
    """One try, unless another is at it or its moment has not come: no transaction is open during the call."""
    row = _claim(fetch_id, at)
    if row is None:
        return
    try:
        found = _fetch(row.url)
        _keep(row, found, at)
    except (GivenUp, FileTooLarge, UnknownFileType) as error:
        _give_up(row, str(error), at)
    except CallFailed as error:
        _try_later(row, str(error), at)


@transaction.atomic
def _claim(fetch_id: UUID, at: datetime) -> DocumentFetch | None:
    rows = DocumentFetch.objects.select_for_update(of=("self",), skip_locked=True).select_related("invoice__company")
    row = rows.due(at).filter(pk=fetch_id).first()
    if row is not None:
        row.attempts, row.next_attempt_at = row.attempts + 1, at + LEASE
        row.save(update_fields=["attempts", "next_attempt_at"])
    return row


def _fetch(url: str) -> Fetched:
    try:
        return fetch(url, most_bytes=MAX_BYTES)
    except AddressRefused as refusal:
        raise GivenUp(str(refusal).rstrip(".")) from refusal
    except AnswerTooLarge as error:
        raise GivenUp("le fichier dépasse 20 Mo") from error


@transaction.atomic
def _keep(row: DocumentFetch, found: Fetched, at: datetime) -> None:
    document = store_document(company=row.invoice.company, data=found.content, filename=found.filename or "document")
    receive_document(invoice=row.invoice, document=document, at=at)
    row.state, row.next_attempt_at, row.error = FetchState.FETCHED, None, ""
    row.save(update_fields=["state", "next_attempt_at", "error"])


@transaction.atomic
def _give_up(row: DocumentFetch, words: str, at: datetime) -> None:
    row.state, row.next_attempt_at, row.error = FetchState.FAILED, None, (words[:1].lower() + words[1:200]).rstrip(".")
    row.save(update_fields=["state", "next_attempt_at", "error"])
    give_up_document(invoice=row.invoice, because=row.error, at=at)


def _try_later(row: DocumentFetch, words: str, at: datetime) -> None:
    if row.attempts > len(WAITS):
        _give_up(row, words, at)
        return
    row.next_attempt_at, row.error = at + WAITS[row.attempts - 1], words[:200]
    row.save(update_fields=["next_attempt_at", "error"])
