"""What stands around the account of a bank line: what was chosen of its like, the purchases that may be the same."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from achats.models import Kind, PurchaseInvoice
from banking.matching.labels import read_label
from banking.models import BankTransaction, LineCoding
from banking.runs.facts import whole_label

# A document is dated at most so long before its payment, or so long after.
BEFORE, AFTER = timedelta(days=130), timedelta(days=12)
LOOKED_BACK, TOLD = 200, 3


def left_of(line: BankTransaction) -> Decimal:
    """The part of a line that nothing explains, positive."""
    return abs(line.amount) - Decimal(line.allocated_cents).scaleb(-2)


def usual_coding(line: BankTransaction) -> LineCoding | None:
    """The last account that a person gave to a line of the same words, or None: one query."""
    words = _words(line)
    rows = LineCoding.objects.filter(company=line.company_id, account__is_active=True)
    rows = rows.select_related("account", "vat_code", "transaction").order_by("-pk")[:LOOKED_BACK]
    return next((row for row in rows if words and _words(row.transaction) == words), None)


def purchases_like(line: BankTransaction) -> list[PurchaseInvoice]:
    """The open purchases of just as much as is left of `line`, the nearest first: one query."""
    rows = _unpaid(line.company_id, {left_of(line)}).filter(
        issued_on__range=(line.booked_on - BEFORE, line.booked_on + AFTER)
    )
    fitting = [row for row in rows[:LOOKED_BACK] if _fits(line, row)]
    return sorted(fitting, key=lambda row: abs(row.issued_on - line.booked_on))[:TOLD]


def codings_like(invoice: PurchaseInvoice) -> list[LineCoding]:
    """The lines on an account that may have paid `invoice`: with it the charge would count twice. One query."""
    due = int(invoice.gross_amount * 100) - invoice.settled_cents
    sense = Q(transaction__amount__gt=0) if invoice.kind == Kind.CREDIT_NOTE else Q(transaction__amount__lt=0)
    days = (invoice.issued_on - AFTER, invoice.issued_on + BEFORE)
    rows = LineCoding.objects.filter(
        sense, company=invoice.company_id, cents=due, transaction__booked_on__range=days,
        transaction__account__currency=invoice.currency,
    )  # fmt: skip
    return list(rows.select_related("account", "transaction__account").order_by("transaction__booked_on", "pk")[:TOLD])


def doubled(lines: Sequence[BankTransaction]) -> set[UUID]:
    """Those of `lines` that are on an account while a purchase of as much came since: a query where any is."""
    coded = {line.pk: line.coding for line in lines if hasattr(line, "coding")}
    if not coded:
        return set()
    came = defaultdict[Decimal, list[PurchaseInvoice]](list)
    for row in _unpaid(lines[0].company_id, {coding.amount for coding in coded.values()}):
        came[row.gross_amount].append(row)
    return {
        line.pk for line in lines if line.pk in coded and any(_fits(line, row) for row in came[coded[line.pk].amount])
    }


def _fits(line: BankTransaction, row: PurchaseInvoice) -> bool:
    is_refund, days = row.kind == Kind.CREDIT_NOTE, (line.booked_on - BEFORE, line.booked_on + AFTER)
    is_near = days[0] <= row.issued_on <= days[1]
    return is_near and is_refund == (line.amount > 0) and row.currency == line.account.currency


def _unpaid(company_id: UUID, amounts: Collection[Decimal]) -> QuerySet[PurchaseInvoice]:
    """Of which nothing is paid yet, of one of these totals: found by the index of amounts."""
    signed = [*amounts, *(-amount for amount in amounts)]
    return PurchaseInvoice.objects.unsettled().filter(company=company_id, settled_cents=0, signed_amount__in=signed)


def _words(line: BankTransaction) -> str:
    return read_label(whole_label(line), line.booked_on).core
