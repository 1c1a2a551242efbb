"""A person says which lines paid which purchases: several to several, in part, a credit note deducted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from achats.models import PurchaseInvoice, Status
from banking.learning import learn_from
from banking.matches.allocating import allocate, drop_stale_suggestions, lock_ends, tell
from banking.matches.exchange import PaidInPart, Share, due_cents, lacks_total, left_cents, own_cents
from banking.matches.gap_posting import post_gap
from banking.matches.gaps import GapStays, bear_gap, share_gap
from banking.matches.settling import post_settlements
from banking.models import BankTransaction, GapKind, Match, MatchState
from firms.models import Company, User
from firms.typography import NBSP
from ledger.books import are_cash_based

# What is left to pay of each purchase, in cents of the lines' currency.
Dues = dict[PurchaseInvoice, int]
BY_HAND = {"code": "by_hand", "values": {}}


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
    and posted as such. A purchase in another currency than its line's is paid whole, for its total in the company's;
    in a company in trésorerie, where nothing is posted before, for what the line paid. Raises CannotMatch.
    """
    invoices, lines = _ends(company, invoice_ids, line_ids)
    dues = _dues(company, invoices, lines)
    shares, bearing = _closed(invoices, lines, dues, gap) if gap else (shares_of(invoices, lines, dues), set())
    _replace_suggestions(company, shares)
    rows = _rows(company, shares, dues, by, at)
    for place in bearing:
        rows[place].gap_kind = gap or ""
    Match.objects.bulk_create(rows)
    tell(rows, "purchase.matched", "", by, at)
    allocate(rows, 1, by, at)
    drop_stale_suggestions(rows)
    learn_from(rows, at=at)
    post_settlements(rows=rows, by=by, at=at)
    _post_gap(rows, by, at)
    return rows


def _closed(
    invoices: Sequence[PurchaseInvoice], lines: Sequence[BankTransaction], dues: Dues, gap: GapKind
) -> tuple[list[Share], set[int]]:
    """Shares that use up the lines and settle the purchases, and the places of those that bear the difference."""
    try:
        paid = share_gap(dues, lines, kind=gap, currency=lines[0].account.currency)
        return bear_gap(shares_of(invoices, lines, paid), dues)
    except GapStays as refusal:
        raise CannotMatch(refusal.because if gap == GapKind.EXCHANGE else str(refusal)) from refusal


def _post_gap(rows: list[Match], by: User, at: datetime) -> None:
    for row in rows:
        if row.gap_kind:
            try:
                post_gap(match=row, by=by, at=at)
            except GapStays as refusal:
                because = refusal.because if row.gap_kind == GapKind.EXCHANGE else str(refusal)
                raise CannotMatch(because) from refusal


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
    if len({line.account.currency for line in lines}) > 1:
        raise CannotMatch("Ces lignes ne sont pas dans la même devise.")
    if len({line.amount < 0 for line in lines}) > 1:
        raise CannotMatch("Choisissez soit des débits, soit des crédits.")
    return invoices, lines


def _dues(company: Company, invoices: Sequence[PurchaseInvoice], lines: Sequence[BankTransaction]) -> Dues:
    """What is left to pay of each purchase, in the currency of the lines."""
    currency = lines[0].account.currency
    foreign = [invoice for invoice in invoices if invoice.currency != currency]
    if foreign and currency != company.currency:
        told = f"une facture en {foreign[0].currency} n’y a pas de montant"
        raise CannotMatch(f"Le compte bancaire est en {currency}{NBSP}: {told}.")
    if foreign and are_cash_based(company):
        if len(invoices) > 1 or len(lines) > 1:
            raise CannotMatch("En trésorerie, une facture en devise se rapproche seule, d’une seule ligne.")
        return {invoices[0]: left_cents(lines[0])}
    dues = {invoice: due_cents(invoice, currency) for invoice in invoices}
    if lacking := next((invoice for invoice, cents in dues.items() if cents is None), None):
        raise CannotMatch(lacks_total(lacking, currency))
    return {invoice: cents for invoice, cents in dues.items() if cents is not None}


def shares_of(invoices: Sequence[PurchaseInvoice], lines: Sequence[BankTransaction], dues: Dues) -> list[Share]:
    """What each line pays of each purchase. `left` of a line grows by the credit notes deducted from it."""
    sense = 1 if lines[0].amount < 0 else -1
    left = [left_cents(line) for line in lines]
    owed = dict(dues)
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
    if not shares:
        raise CannotMatch("Ces factures et ces lignes n’ont plus rien à affecter.")
    return shares


def _replace_suggestions(company: Company, shares: Sequence[Share]) -> None:
    """What was only suggested of these pairs gives way, groups as a whole."""
    for invoice, line, _, _ in shares:
        suggested = Match.objects.filter(company=company).suggested()
        pair = suggested.filter(invoice=invoice, transaction=line)
        groups = [group for group in pair.values_list("group", flat=True) if group]
        suggested.filter(group__in=groups).delete()
        pair.delete()


def _rows(company: Company, shares: Sequence[Share], dues: Dues, by: User, at: datetime) -> list[Match]:
    try:
        settled = own_cents(shares, dues, shares[0][1].account.currency)
    except PaidInPart as refusal:
        raise CannotMatch(str(refusal)) from refusal
    group = uuid4() if len(shares) > 1 else None
    said = {"state": MatchState.CONFIRMED, "reasons": [BY_HAND], "decided_by": by, "decided_at": at}
    return [
        Match(
            company=company,
            invoice=invoice,
            transaction=line,
            group=group,
            amount_cents=cents,
            invoice_cents=None if base is None and own == cents else own,
            base_cents=base,
            **said,
        )
        for (invoice, line, cents, _), (own, base) in zip(shares, settled, strict=True)
    ]
