"""Where an item stands, in Dext's words."""

from collections.abc import Sequence

from achats.models import Document, PurchaseInvoice
from banking.matches.exporting import reasons_in_french
from banking.models import Match
from dext_connector.bankless import bankless_warnings
from dext_connector.models import InboxItem
from firms.models import Company


def answer_of(
    invoice: PurchaseInvoice, *, base_url: str, documents: Sequence[Document] = (), match: Match | None = None
) -> dict:
    """The answer of `publish/` and `items/{external_id}/`. `documents` and `match` are those of the invoice."""
    return {
        "id": str(invoice.pk),
        "external_id": invoice.external_id,
        "type": invoice.kind,
        "status": invoice.status,
        "reasons": [_reason(reason) for reason in invoice.reasons],
        "settlement": invoice.settlement,
        "match": match_answer(match),
        "warnings": [_reason(reason) for reason in (*invoice.warnings, *bankless_warnings(invoice))],
        "web_url": web_url(invoice, base_url),
        "document": document_answer(documents[0]) if documents else None,
    }


def moved_answer(there: InboxItem, *, base_url: str, is_known: bool) -> dict:
    """The part of a cancelled item's answer that says where it went; to whom may not know, that it went."""
    where = str(there.company) if is_known else "un autre dossier"
    reasons = [{"code": "moved", "message": f"Déplacée dans MEG vers {where}."}]
    if not is_known or there.invoice is None:
        return {"reasons": reasons, "moved_to": None}
    place = {"company": str(there.company_id), "id": str(there.invoice_id), "web_url": web_url(there.invoice, base_url)}
    return {"reasons": reasons, "moved_to": place}


def web_url(invoice: PurchaseInvoice, base_url: str) -> str:
    """« Ouvrir dans MEG »."""
    return f"{base_url.rstrip('/')}/dossiers/{invoice.company_id}/achats/{invoice.pk}/"


def match_answer(match: Match | None) -> dict | None:
    if match is None:
        return None
    return {
        "state": match.state,
        "amount": f"{match.amount_cents // 100}.{match.amount_cents % 100:02}",
        "transaction": {
            "id": str(match.transaction_id),
            "date": match.transaction.booked_on.isoformat(),
            "label": match.transaction.label,
            "amount": str(match.transaction.amount),
        },
        "reasons": reasons_in_french(match),
    }


def document_answer(document: Document) -> dict:
    return {
        "id": str(document.pk),
        "filename": document.filename,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
    }


def company_answer(company: Company) -> dict:
    """A company of `companies/`; it comes `with_books`."""
    books, connection = getattr(company, "bookkeeping", None), getattr(company, "dext_connection", None)
    locked_until = books.locked_until if books else None
    return {
        "id": str(company.pk),
        "code": company.code,
        "name": company.name,
        "siren": company.siren or None,
        "firm": company.firm.code,
        "currency": company.currency,
        "accounting_mode": books.accounting_mode if books else None,
        "fiscal_years": [
            {"start": year.starts_on.isoformat(), "end": year.ends_on.isoformat()}
            for year in company.fiscal_years.all()
        ],
        "locked_until": locked_until.isoformat() if locked_until else None,
        "connected": connection is not None and connection.disconnected_at is None,
        "connection_expires_at": connection.expires_at.isoformat() if connection else None,
    }


def _reason(reason: dict) -> dict:
    return {"code": reason["code"], "message": reason["message"]}
