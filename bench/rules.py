"""The documented rules of others, re-stated on our facts, as yardsticks: pairs of equal totals that are unique."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from banking.matching.facts import InvoiceFact, TransactionFact

Pairs = list[tuple[str, str]]
Rule = Callable[[Sequence[InvoiceFact], Sequence[TransactionFact]], Pairs]


def dext(invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact]) -> Pairs:
    """Dext's Bank Match: the same total within 30 days of the document, or 10 of its due date."""

    def days(invoice: InvoiceFact) -> list[tuple[date, date]]:
        around = [_around(invoice.issued_on, 30)]
        return [*around, _around(invoice.due_on, 10)] if invoice.due_on else around

    return _unique(invoices, transactions, days)


def quickbooks(invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact]) -> Pairs:
    """QuickBooks: the same total, dated up to 180 days before the line or 20 after it."""

    def days(invoice: InvoiceFact) -> list[tuple[date, date]]:
        return [(invoice.issued_on - timedelta(days=20), invoice.issued_on + timedelta(days=180))]

    return _unique(invoices, transactions, days)


def _around(day: date, days: int) -> tuple[date, date]:
    return day - timedelta(days=days), day + timedelta(days=days)


def _unique(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    days: Callable[[InvoiceFact], list[tuple[date, date]]],
) -> Pairs:
    found = list(_equal_totals(invoices, transactions, days))
    of_invoice, of_line = Counter(i for i, _ in found), Counter(t for _, t in found)
    return [(i, t) for i, t in found if of_invoice[i] == of_line[t] == 1]


def _equal_totals(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    days: Callable[[InvoiceFact], list[tuple[date, date]]],
) -> Iterator[tuple[str, str]]:
    by_cents: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    for line in transactions:
        by_cents[-line.cents].append((line.booked_on, line.id))
    for lines in by_cents.values():
        lines.sort()
    for invoice in invoices:
        lines = by_cents.get(invoice.cents, [])
        near = {
            line_id
            for first, last in days(invoice)
            for _, line_id in lines[bisect_left(lines, (first, "")) : bisect_right(lines, (last, "\uffff"))]
        }
        yield from ((invoice.id, line_id) for line_id in sorted(near))


RULES: dict[str, Rule] = {"Dext's rule": dext, "QuickBooks' rule": quickbooks}
