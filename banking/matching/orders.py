"""One line for what several suppliers are owed: a transfer order, or a month of a deferred card."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from banking.matching.blocking import Read
from banking.matching.days import shifted
from banking.matching.facts import InvoiceFact, Reason
from banking.matching.features import agreement
from banking.matching.groups import Group, Rest
from banking.matching.labels import fold
from banking.matching.payments import parts_of, sum_reason
from banking.matching.subsets import MOST_AMOUNTS, exact_subsets

# « REMISE 704942 4 OPERATIONS »: how many transfers one order holds.
COUNT = re.compile(r"\b(\d{1,2}) ?(?:OPERATIONS?|OPES?|OPS?|VIREMENTS?|VIRTS?|VIRS?|ORDRES?|TRANSFERTS?|PAIEMENTS?)\b")
DEFERRED = re.compile(
    r"\bDIFF(?:ERE|ERES|ERE[ES])?\b|\bREGLEMENT (?:MENSUEL )?CARTE|\bRELEVE (?:DE )?CARTE|\bENCOURS\b"
)
OWED_SINCE = timedelta(days=75)
DUE_AROUND = timedelta(days=7)
CARD_MONTH = timedelta(days=45)


def transfer_orders(rest: Rest) -> Iterator[Group]:
    """As many documents as the order says, owed around that day, that make its sum. A person decides."""
    for read in rest.reads:
        line, label = read
        said = COUNT.search(fold(line.label)) if label.kind in ("transfer", "other", "debit") else None
        count = int(said[1]) if said else 0
        if not 2 <= count <= 10 or line.cents >= 0:
            continue
        owed = _owed(rest, read)
        found = exact_subsets([i.cents for i in owed], -line.cents, least=count, most=count, limit=6)
        ranked = sorted(found, key=lambda subset: sum(map(_distance(read), (owed[i] for i in subset))))
        for place, subset in enumerate(ranked[:2]):
            chosen = [owed[index] for index in sorted(subset)]
            reasons = (sum_reason(chosen), Reason("order_of", {"count": count}))
            yield Group(parts_of(read, chosen), reasons, (Reason("not_auto_order"),), 1.0, 500 - 100 * place)


def _owed(rest: Rest, read: Read) -> list[InvoiceFact]:
    """What may be in an order of this day: the documents nearest to be due."""
    line = read[0]
    able = [
        invoice
        for invoice in rest.invoices
        if not invoice.is_off_bank
        and not invoice.method_last_four
        and invoice.currency == line.currency
        and 0 < invoice.cents < -line.cents
        and shifted(line.booked_on, -OWED_SINCE) <= invoice.issued_on <= line.booked_on
    ]
    return sorted(able, key=lambda i: (_distance(read)(i), i.issued_on, i.id))[:MOST_AMOUNTS]


def _distance(read: Read) -> Callable[[InvoiceFact], int]:
    """Days between the order and the day at which a document is due; thirty days after its date where none is told."""
    booked_on = read[0].booked_on

    def days(invoice: InvoiceFact) -> int:
        return abs((booked_on - (invoice.due_on or shifted(invoice.issued_on, timedelta(days=30)))).days)

    return days


def deferred_cards(rest: Rest) -> Iterator[Group]:
    """The receipts of one card over the month that its line settles; those that lack leave a gap, for a person."""
    for read in rest.reads:
        line, label = read
        if line.cents >= 0 or not label.last_four or not DEFERRED.search(fold(line.label)):
            continue
        for chosen in _months(rest, read):
            gap = -line.cents - sum(invoice.cents for invoice in chosen)
            reasons = [sum_reason(chosen) if not gap else Reason("count", {"count": len(chosen)})]
            reasons.append(Reason("deferred_card", {"last_four": label.last_four}))
            obstacles = rest.obstacles(chosen, [read])
            if gap:
                obstacles.append(Reason("not_auto_gap", {"cents": gap, "currency": line.currency}))
            yield Group(parts_of(read, chosen), tuple(reasons), tuple(obstacles), 0.001 if not gap else 1.0, 550)
            break


def _months(rest: Rest, read: Read) -> Iterator[list[InvoiceFact]]:
    """The receipts of the card over the months that the line may mean, the sums that agree first."""
    line, label = read
    of_card = [
        invoice
        for invoice in rest.invoices
        if agreement(invoice.method_last_four, label.last_four) == "agrees"
        and invoice.currency == line.currency
        and shifted(line.booked_on, -CARD_MONTH - timedelta(days=31)) <= invoice.issued_on <= line.booked_on
    ]
    deferred = [invoice for invoice in of_card if invoice.is_deferred] or of_card
    months = [month for month in map(_in_period(deferred), _periods(line.booked_on)) if len(month) > 1]
    exact = [month for month in months if sum(i.cents for i in month) == -line.cents]
    yield from exact
    yield from (month for month in months if 0 < sum(i.cents for i in month) < -line.cents)


def _periods(booked_on: date) -> Sequence[tuple[date, date]]:
    """The calendar month before the line, the line's own month so far, and the thirty-one days before it."""
    first = booked_on.replace(day=1)
    last = shifted(first, -timedelta(days=1))
    before = last.replace(day=1)
    return (
        (before, last),
        (first, booked_on),
        (shifted(booked_on, -timedelta(days=31)), booked_on),
    )


def _in_period(invoices: Sequence[InvoiceFact]) -> Callable[[tuple[date, date]], list[InvoiceFact]]:
    def within(period: tuple[date, date]) -> list[InvoiceFact]:
        return [invoice for invoice in invoices if period[0] <= invoice.issued_on <= period[1]]

    return within
