"""What a client brings by a link: kept, joined to the invoice of its bank line, which waits to be completed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from achats.by_hand.depositing import blank_draft
from achats.documents.attaching import attach_document
from achats.documents.keeping import UnknownFileType, check_document, clean_filename, store_document
from achats.models import Document, PurchaseInvoice, Source, Status
from achats.recording import record_invoice
from banking.match_asking import ask_for_match
from banking.matching.labels import read_label
from banking.models import BankAlias, BankTransaction, PieceRequest, RequestedLine
from banking.pieces.requesting import RequestEnded
from banking.runs.facts import whole_label
from firms.events import record_event

MOST_FILES = 10
MOST_FILES_OF_A_LINE = 30


class NoFile(Exception):
    """Nothing came. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__("Aucun fichier n’a été choisi.")


class TooManyFiles(Exception):
    """More files than a line may have. `str()` is one French sentence."""

    def __init__(self) -> None:
        super().__init__(f"Trop de fichiers : {MOST_FILES} à la fois, {MOST_FILES_OF_A_LINE} pour un paiement.")


@transaction.atomic
def bring_pieces(
    *, request: PieceRequest, line_id: UUID, files: Sequence[tuple[bytes, str]], at: datetime
) -> PurchaseInvoice:
    """Keep `files` ((bytes, name) each) and join them to the invoice of the line, made the first time: « Pas prêt ».

    All or none. Its total and day are those of the bank line, so that the engine proposes it there. Writes
    `pieces.brought`. Raises RequestEnded, NoFile, TooManyFiles, UnknownFileType, FileTooLarge, or OSError.
    """
    # Its invoice is read once the row is held: another device may just have brought the first document.
    row = RequestedLine.objects.select_for_update(of=("self",)).select_related("transaction__account")
    line = row.filter(request=request, pk=line_id).first()
    if line is None or not PieceRequest.objects.open(at=at).filter(pk=request.pk).exists():
        raise RequestEnded
    if not files:
        raise NoFile
    held = line.invoice.attachments.count() if line.invoice else 0
    if len(files) > MOST_FILES or held + len(files) > MOST_FILES_OF_A_LINE:
        raise TooManyFiles
    for data, name in files:
        _check(data, name)
    documents = [store_document(company=request.company, data=data, filename=name) for data, name in files]
    invoice = _join(request, line, list(dict.fromkeys(documents)), at)
    changes = {"document": [None, ", ".join(map(str, documents))[:500]]}
    record_event(company=request.company, kind="pieces.brought", subject_id=invoice.pk, at=at, changes=changes)
    ask_for_match(company_id=request.company_id)
    return invoice


def _check(data: bytes, name: str) -> None:
    """A client knows of photographs and of PDF; Factur-X and UBL would only worry him."""
    try:
        check_document(data=data, filename=name)
    except UnknownFileType as refusal:
        told = f"Le fichier « {clean_filename(name)} » n’est ni une photo ni un PDF lisible."
        raise UnknownFileType(f"{told} Photographiez la pièce, ou envoyez son PDF.") from refusal


def _join(request: PieceRequest, line: RequestedLine, documents: Sequence[Document], at: datetime) -> PurchaseInvoice:
    if line.invoice and line.invoice.status != Status.CANCELLED:
        for document in documents:
            attach_document(invoice=line.invoice, document=document, by=None, at=at)
        return line.invoice
    draft = blank_draft(request.company, at=at, **_known_of(line.transaction))
    line.invoice = record_invoice(company=request.company, draft=draft, by=None, at=at, documents=documents)
    line.save(update_fields=["invoice"])
    return line.invoice


def _known_of(row: BankTransaction) -> dict:
    """What the bank line says of the invoice; its supplier where people confirmed these words for one alone."""
    label = read_label(whole_label(row), row.booked_on)
    keys = [key for key in (row.creditor_identifier or label.creditor, label.core) if key]
    aliases = BankAlias.objects.filter(company=row.company_id, key__in=keys).select_related("supplier")
    suppliers = {alias.supplier for alias in aliases}
    known = {"supplier": suppliers.pop()} if len(suppliers) == 1 else {}
    return {
        "source": Source.REQUEST,
        "gross_amount": abs(row.amount),
        "currency": row.account.currency,
        "issued_on": label.purchased_on or row.booked_on,
        "note": f"Reçue du client pour l’opération « {row.label} ».",
        **known,
        **({"supplier_name": known["supplier"].name} if known else {}),
    }
