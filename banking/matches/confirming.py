"""A file of matches, in the form of the export, confirmed by hand: what is right of it teaches the engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from achats.models import PurchaseInvoice
from banking.matches.by_hand import CannotMatch, match_by_hand
from banking.matches.deciding import MatchChanged, confirm_match
from banking.models import BankTransaction, Match
from firms.models import Company, User


@dataclass
class Confirmed:
    """What came of a file: rows confirmed, and the others by line number with the reason in French."""

    confirmed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class UnknownRow(Exception):
    """The row names a purchase or a line that the company does not have, or is no row of an export."""


def confirm_rows(*, company: Company, rows: Iterable[tuple[int, Any]], by: User, at: datetime) -> Confirmed:
    """Confirm each `{"invoices": […], "transactions": […]}` for `by`; one that cannot be is told and passed over."""
    done = Confirmed()
    for number, row in rows:
        try:
            _confirm(company, row, by, at)
            done.confirmed += 1
        except (UnknownRow, CannotMatch, MatchChanged) as refusal:
            done.refused.append((number, str(refusal)))
    return done


def _confirm(company: Company, row: Any, by: User, at: datetime) -> None:
    invoice_ids = set(_ids(row, "invoices", _invoice_id, company))
    line_ids = set(_ids(row, "transactions", _line_id, company))
    live = Match.objects.filter(company=company, invoice__in=invoice_ids, transaction__in=line_ids)
    known = list(live.filter(state__in=("suggested", "auto", "confirmed")).order_by("pk"))
    match = next((match for match in known if _ends(match) == (invoice_ids, line_ids)), None)
    if match is None:
        match_by_hand(company=company, invoice_ids=invoice_ids, line_ids=line_ids, by=by, at=at)
    elif match.state != "confirmed":
        confirm_match(match=match, by=by, at=at)


def _ends(match: Match) -> tuple[set[UUID], set[UUID]]:
    """All that the match, with its group, binds."""
    rows = Match.objects.filter(group=match.group, state=match.state) if match.group else [match]
    return {row.invoice_id for row in rows}, {row.transaction_id for row in rows}


def _ids(row: Any, name: str, find: Any, company: Company) -> Iterator[UUID]:
    told = row.get(name) if isinstance(row, dict) else None
    if not isinstance(told, list) or not told or not all(isinstance(text, str) for text in told):
        raise UnknownRow(f"«\u00a0{name}\u00a0» manque ou n’est pas une liste de textes.")
    for text in told:
        found = find(company, text)
        if found is None:
            raise UnknownRow(f"«\u00a0{text}\u00a0» n’existe pas dans ce dossier.")
        yield found


def _invoice_id(company: Company, text: str) -> UUID | None:
    rows = PurchaseInvoice.objects.for_company(company).live()
    found = rows.filter(external_id=text).values_list("pk", flat=True).first()
    return found or rows.filter(pk__in=_uuids(text)).values_list("pk", flat=True).first()


def _line_id(company: Company, text: str) -> UUID | None:
    rows = BankTransaction.objects.filter(company=company).order_by("pk")
    found = rows.filter(bank_reference=text).values_list("pk", flat=True).first()
    return found or rows.filter(pk__in=_uuids(text)).values_list("pk", flat=True).first()


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
