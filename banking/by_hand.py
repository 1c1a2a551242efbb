"""A person says which lines paid which purchases: several to several, in part, a credit note deducted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from achats.models import PurchaseInvoice, Status
from banking.allocating import allocate, drop_stale_suggestions, lock_ends, tell
from banking.gap_posting import post_gap
from banking.gaps import GapStays, Share, close_gap
from banking.learning import learn_from
from banking.models import BankTransaction, GapKind, Match, MatchState
from banking.settling import post_settlements
from firms.models import Company, User


class CannotMatch(Exception):
    """These purchases and lines cannot be matched by hand. `str()` is one French sentence."""


@transaction.atomic
def match_by_hand(
    *,
    company: Company,
    invoice_ids: Collection[UUID],
    line_ids: Collection[UUID],
    by: User,
    at: datetime,
    gap: GapKind | None = None,
) -> list[Match]:
    """Match these purchases with these lines as far as their amounts go; what is left stays open on its side.

    Lines are used in order of date, purchases too; credit notes are deducted first. With `gap` what is left is closed
    and posted as such. Raises CannotMatch.
    """
    invoices, lines = _ends(company, invoice_ids, line_ids)
    shares = _shares(invoices, lines)
    if not shares:
        raise CannotMatch("Ces factures et ces lignes n’ont plus rien à affecter.")
    shares, place = _closed(shares, invoices, lines, gap) if gap else (shares, -1)
    _replace_suggestions(company, shares)
    group = uuid4() if len(shares) > 1 else None
    rows = [_row(company, share, group, by, at) for share in shares]
    if gap:
        rows[place].gap_kind = gap
    Match.objects.bulk_create(rows)
    tell(rows, "purchase.matched", "", by, at)
    allocate(rows, 1, by, at)
    drop_stale_suggestions(rows)
    learn_from(rows, at=at)
    post_settlements(rows=rows, by=by, at=at)
    _post_gap(rows, by, at)
    return rows


def _closed(
    shares: list[Share], invoices: list[PurchaseInvoice], lines: list[BankTransaction], gap: GapKind
) -> tuple[list[Share], int]:
    try:
        return close_gap(shares, invoices=invoices, lines=lines, kind=gap)
    except GapStays as refusal:
        raise CannotMatch(str(refusal)) from refusal


def _post_gap(rows: list[Match], by: User, at: datetime) -> None:
    try:
        for row in rows:
            if row.gap_kind:
                post_gap(match=row, by=by, at=at)
    except GapStays as refusal:
        raise CannotMatch(str(refusal)) from refusal


def _ends(
    company: Company, invoice_ids: Collection[UUID], line_ids: Collection[UUID]
) -> tuple[list[PurchaseInvoice], list[BankTransaction]]:
    """The rows, locked, in order of date; all of this company and still open."""
    by_id, lines_by_id = lock_ends(invoice_ids, line_ids)
    invoices = sorted(by_id.values(), key=lambda row: (row.issued_on, row.pk))
    lines = sorted(lines_by_id.values(), key=lambda row: (row.booked_on, row.pk))
    if not invoices or not lines or len(invoices) < len(set(invoice_ids)) or len(lines) < len(set(line_ids)):
        raise CannotMatch("Une de ces factures ou de ces lignes n’existe pas dans ce dossier.")
    if {row.company_id for row in invoices} | {row.company_id for row in lines} != {company.pk}:
        raise CannotMatch("Une de ces factures ou de ces lignes n’existe pas dans ce dossier.")
    if any(invoice.status == Status.CANCELLED or invoice.is_settled_off_bank for invoice in invoices):
        raise CannotMatch("Une de ces factures est annulée ou réglée hors banque.")
    if len({invoice.currency for invoice in invoices} | {line.account.currency for line in lines}) > 1:
        raise CannotMatch("Ces factures et ces lignes ne sont pas dans la même devise.")
    if len({line.amount < 0 for line in lines}) > 1:
        raise CannotMatch("Choisissez soit des débits, soit des crédits.")
    return invoices, lines


def _shares(invoices: Sequence[PurchaseInvoice], lines: Sequence[BankTransaction]) -> list[Share]:
    """What each line pays of each purchase. `left` of a line grows by the credit notes deducted from it."""
    sense = 1 if lines[0].amount < 0 else -1
    left = [int(abs(line.amount) * 100) - line.allocated_cents for line in lines]
    owed = {invoice: int(invoice.gross_amount * 100) - invoice.settled_cents for invoice in invoices}
    deducted = [invoice for invoice in invoices if invoice.sign != sense and owed[invoice]]
    paid = [invoice for invoice in invoices if invoice.sign == sense]
    if not paid:
        raise CannotMatch("Une dépense se rapproche d’un débit, un avoir d’un crédit.")
    shares = [(invoice, lines[0], -owed[invoice], owed[invoice]) for invoice in deducted]
    left[0] += sum(owed[invoice] for invoice in deducted)
    for invoice in paid:
        for place, line in enumerate(lines):
            if cents := min(left[place], owed[invoice]):
                shares.append((invoice, line, cents, cents))
                left[place] -= cents
                owed[invoice] -= cents
    if sum(cents for _, line, cents, _ in shares if line is lines[0]) < 0:
        raise CannotMatch("Les avoirs dépassent les factures choisies.")
    return shares


def _replace_suggestions(company: Company, shares: Sequence[Share]) -> None:
    """What was only suggested of these pairs gives way, groups as a whole."""
    for invoice, line, _, _ in shares:
        suggested = Match.objects.filter(company=company).suggested()
        pair = suggested.filter(invoice=invoice, transaction=line)
        groups = [group for group in pair.values_list("group", flat=True) if group]
        suggested.filter(group__in=groups).delete()
        pair.delete()


def _row(company: Company, share: Share, group: UUID | None, by: User, at: datetime) -> Match:
    invoice, line, cents, invoice_cents = share
    return Match(
        company=company,
        invoice=invoice,
        transaction=line,
        group=group,
        amount_cents=cents,
        invoice_cents=invoice_cents if invoice_cents != cents else None,
        state=MatchState.CONFIRMED,
        reasons=[{"code": "by_hand", "values": {}}],
        decided_by=by,
        decided_at=at,
    )
