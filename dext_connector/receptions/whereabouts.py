"""« Où est ma facture ? »: one search over every company that a person may see, answered in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from achats.browsing.searching import words_found
from achats.models import PurchaseInvoice, Status
from banking.matches.exporting import SHOWN
from banking.models import Match, MatchState
from dext_connector.models import Fate, InboxItem
from dext_connector.receptions.moving import is_movable
from firms.access import companies_to_write
from firms.models import Company, User
from firms.typography import format_day, format_money

READ_AT_MOST = 200
SHOWN_AT_MOST = 20
STANDS = {
    Status.NOT_READY: "Elle y est «\u00a0Pas prêt\u00a0»\u00a0: {}",
    Status.READY: "Elle y est «\u00a0Prêt\u00a0»\u00a0: il reste à la publier.",
    Status.POSTED: "Elle y est comptabilisée.",
}


@dataclass(frozen=True)
class Found:
    """One invoice in one company: its last reception that tells, and where it stands, in sentences."""

    row: InboxItem
    sentences: tuple[str, ...]
    may_be_moved: bool
    is_to_mend: bool
    went: InboxItem | None = None


def whereabouts(user: User, search: str) -> list[Found]:
    """At most 20 answers, the newest first: five queries. An exact Dext reference hides what only resembles it."""
    companies = Company.objects.visible_to(user)
    rows = InboxItem.objects.filter(words_found(search), company__in=companies).with_what_followed()
    found = list(rows.select_related("company", "invoice").order_by("-id")[:READ_AT_MOST])
    exact = [row for row in found if row.external_id.casefold() == search.casefold()]
    telling = _telling(exact or found)[:SHOWN_AT_MOST]
    moved = InboxItem.objects.filter(moved_from__in=telling).select_related("company")
    went = {row.moved_from_id: row for row in moved.filter(company__in=companies)}
    matches = _matches([row.invoice for row in telling if row.invoice])
    writable = set(companies_to_write(user).filter(inbox__in=telling).values_list("pk", flat=True))
    return [_told(row, went.get(row.pk), matches, row.company_id in writable) for row in telling]


def _telling(rows: Sequence[InboxItem]) -> list[InboxItem]:
    """One row a reference and company: what made its live purchase, else the last that is no replay; newest first."""
    groups: dict[tuple, list[InboxItem]] = {}
    for row in rows:
        groups.setdefault((row.company_id, row.external_id or row.pk), []).append(row)
    return [min(group, key=_rank) for group in groups.values()]


def _rank(row: InboxItem) -> int:
    """The lower, the more a reception tells; among equals the first is taken."""
    if row.fate == Fate.CREATED and row.invoice and row.invoice.status != Status.CANCELLED:
        return 0
    return 2 if row.fate == Fate.REPLAYED else 1


def _matches(invoices: Sequence[PurchaseInvoice]) -> dict[UUID, Match]:
    """The match that holds, else a suggestion, of each invoice."""
    found: dict[UUID, Match] = {}
    rows = Match.objects.filter(invoice__in=invoices, state__in=SHOWN).select_related("transaction")
    for match in sorted(rows, key=lambda match: SHOWN.index(MatchState(match.state))):
        found.setdefault(match.invoice_id, match)
    return found


def _told(row: InboxItem, went: InboxItem | None, matches: dict[UUID, Match], may_write: bool) -> Found:
    if row.invoice is None:
        return Found(row, (_refused(row),), may_be_moved=False, is_to_mend=not row.is_overtaken)
    match = matches.get(row.invoice_id) if row.invoice_id else None
    sentences = (f"Reçue le {_moment(row)}.", _standing(row.invoice, went), *([_matched(match)] if match else []))
    may_be_moved = may_write and row.fate == Fate.CREATED and row.payload is not None and is_movable(row.invoice)
    return Found(row, sentences, may_be_moved, is_to_mend=row.invoice.status == Status.NOT_READY, went=went)


def _refused(row: InboxItem) -> str:
    message = row.answer.get("message", "")
    if row.fate == Fate.FAILED:
        return f"Le {_moment(row)}, MEG n’a pas pu la prendre\u00a0; Dext la renvoie. {message}"
    return f"Refusée le {_moment(row)}\u00a0: {message}"


def _standing(invoice: PurchaseInvoice, went: InboxItem | None) -> str:
    if invoice.status == Status.CANCELLED:
        on = format_day(timezone.localdate(invoice.cancelled_at)) if invoice.cancelled_at else ""
        reason = f"Déplacée vers {went.company}" if went else invoice.cancellation_reason
        return f"Elle y a été annulée le {on}\u00a0: {reason}."
    reasons = " ".join(reason["message"] for reason in invoice.reasons)
    return STANDS[Status(invoice.status)].format(reasons)


def _matched(match: Match) -> str:
    line = f"l’opération du {format_day(match.transaction.booked_on)}, {format_money(match.transaction.amount)}"
    if match.state == MatchState.SUGGESTED:
        return f"Un rapprochement est proposé avec {line}."
    return f"Elle est rapprochée avec {line}."


def _moment(row: InboxItem) -> str:
    return f"{timezone.localtime(row.received_at):%d/%m/%Y à %H:%M}"
