"""What matches take of their lines and pay of their invoices: locked, added up on both sides, and told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from achats.models import PurchaseInvoice
from achats.settlement import settle
from banking.match_asking import ask_for_match
from banking.models import BankTransaction, Match
from firms.events import record_event
from firms.models import User


def lock_ends(
    invoice_ids: Iterable[UUID], line_ids: Iterable[UUID]
) -> tuple[dict[UUID, PurchaseInvoice], dict[UUID, BankTransaction]]:
    """The rows by id, locked: invoices, then lines, each by id, the order of every writer of matches."""
    return _locked(PurchaseInvoice, set(invoice_ids)), _locked(BankTransaction, set(line_ids))


def _locked[Row: (PurchaseInvoice, BankTransaction)](kind: type[Row], ids: set[UUID]) -> dict[UUID, Row]:
    rows = kind.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def sums_of(rows: Sequence[Match]) -> tuple[Counter[BankTransaction], Counter[PurchaseInvoice]]:
    """What `rows` take of each line and of each invoice, in cents."""
    of_line, of_invoice = Counter[BankTransaction](), Counter[PurchaseInvoice]()
    for row in rows:
        of_line[row.transaction] += row.amount_cents
        of_invoice[row.invoice] += row.settles_cents
    return of_line, of_invoice


def allocate(rows: Sequence[Match], sign: int, by: User, at: datetime) -> None:
    of_line, of_invoice = sums_of(rows)
    for line, cents in of_line.items():
        line.allocated_cents += sign * cents
        line.save(update_fields=["allocated_cents"])
    for invoice, cents in of_invoice.items():
        before = invoice.settlement
        if settle(invoice=invoice, cents=sign * cents):
            record_event(
                company=rows[0].company,
                kind="purchase.settled",
                subject_id=invoice.pk,
                by=by,
                at=at,
                changes={"settlement": [before, invoice.settlement]},
            )


def tell(rows: Sequence[Match], kind: str, before: str, by: User, at: datetime) -> None:
    for invoice_id, lines in _lines_of(rows).items():
        changes = {"match": [before, rows[0].state], "transaction": [None, " ".join(lines)]}
        record_event(company=rows[0].company, kind=kind, subject_id=invoice_id, by=by, at=at, changes=changes)


def _lines_of(rows: Sequence[Match]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row.invoice_id, []).append(str(row.transaction_id))
    return found


def drop_stale_suggestions(rows: Sequence[Match]) -> None:
    """Nothing is left to suggest of a line or an invoice that is used up; the rest is looked at again."""
    used_up = Q()
    for row in rows:
        if row.transaction.allocated_cents >= int(abs(row.transaction.amount) * 100):
            used_up |= Q(transaction=row.transaction)
        if row.invoice.settled_cents >= int(row.invoice.gross_amount * 100):
            used_up |= Q(invoice=row.invoice)
    if used_up:
        stale = Match.objects.filter(used_up, company=rows[0].company).suggested()
        groups = [group for group in stale.values_list("group", flat=True) if group]
        Match.objects.filter(used_up | Q(group__in=groups), company=rows[0].company).suggested().delete()
    ask_for_match(company_id=rows[0].company_id)
