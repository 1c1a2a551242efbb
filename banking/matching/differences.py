"""One document and one line whose amounts or dates differ: a discount, a fee, a rounding, a rate, a misread date."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from banking.matching.blocking import Read
from banking.matching.days import shifted
from banking.matching.facts import InvoiceFact, Part, Reason, supplier_key
from banking.matching.groups import Group, Rest
from banking.matching.payments import PAYS_NOTHING

# A cash discount is two or three per cent, a fee some euros; sums are rounded by cents (usage).
DISCOUNT_PERMILLE = 35
FEE_CENTS = 3_000
ROUNDING_CENTS = 10
WITHIN_DAYS = 130
RATE_DAYS = 4
# One unit of a foreign currency, in euros: wide enough for the currencies that French firms are billed in.
RATES = (0.4, 1.6)


def small_differences(rest: Rest) -> Iterator[Group]:
    """A line that names the document by its number, and its amount but for a discount, a fee or a rounding."""
    for read in rest.reads:
        line, label = read
        if label.kind in PAYS_NOTHING:
            continue
        near = [invoice for invoice in rest.numbered(read) if _is_near(invoice, read)]
        for invoice in near:
            gap = abs(invoice.cents) - abs(line.cents)
            reasons = [
                Reason("difference", {"cents": gap, "currency": invoice.currency}),
                Reason("reference", {"reference": invoice.number}),
            ]
            obstacles = rest.obstacles([invoice], [read])
            if len(near) > 1:
                obstacles.append(Reason("not_auto_invoices", {"count": len(near)}))
            yield _group(invoice, read, reasons, obstacles, accidents=0.0, score=620)


def foreign_amounts(rest: Rest) -> Iterator[Group]:
    """A purchase in another currency, told by name and day, where no label gives its amount. A person decides."""
    foreign = defaultdict(list)
    for invoice in rest.invoices:
        if invoice.currency != "EUR" and not invoice.is_off_bank:
            foreign[supplier_key(invoice)].append(invoice)
    for read in rest.reads:
        line, label = read
        if label.foreign or line.original_cents is not None or label.kind in PAYS_NOTHING:
            continue
        for key in rest.keys_told(read) if foreign else ():
            for invoice in foreign.get(key, ()):
                if _is_rate(invoice, read):
                    rate = abs(line.cents) / abs(invoice.cents)
                    values = {"rate": f"{rate:.4f}".replace(".", ","), "currency": invoice.currency}
                    days = abs((_bought_on(read) - invoice.issued_on).days)
                    obstacles = [Reason("not_auto_rate"), *rest.obstacles([invoice], [read])]
                    yield _group(
                        invoice, read, [Reason("rate", values)], obstacles, accidents=1.0, score=400 - 50 * days
                    )


def misread_dates(rest: Rest) -> Iterator[Group]:
    """Day and month of the document in the other order make it the line's. A person decides."""
    of_amount = defaultdict(list)
    for read in sorted(rest.reads, key=_bought_on):
        of_amount[read[0].currency, -read[0].cents].append(read)
    for invoice in rest.invoices:
        meant = _swapped(invoice.issued_on)
        if meant is None or invoice.is_off_bank:
            continue
        reads = of_amount.get((invoice.currency, invoice.cents), [])
        first = bisect_left(reads, shifted(meant, -timedelta(days=1)), key=_bought_on)
        for read in reads[first : bisect_right(reads, shifted(meant, timedelta(days=10)), key=_bought_on)]:
            is_near = not read[1].purchased_on or read[1].purchased_on <= shifted(meant, timedelta(days=1))
            if is_near and supplier_key(invoice) in rest.keys_told(read):
                reasons = [
                    Reason("amount_equal", {"currency": invoice.currency}),
                    Reason("date_swapped", {"on": meant.isoformat()}),
                ]
                obstacles = [Reason("not_auto_date"), *rest.obstacles([invoice], [read])]
                yield _group(invoice, read, reasons, obstacles, accidents=1.0, score=450)


def _group(
    invoice: InvoiceFact, read: Read, reasons: list[Reason], obstacles: list[Reason], *, accidents: float, score: int
) -> Group:
    """The line pays what it has; what lacks stays owed, what is too much stays on the line, until a person says."""
    line = read[0]
    if invoice.currency != line.currency:
        part = Part(invoice.id, line.id, abs(line.cents), abs(invoice.cents))
    else:
        paid = min(abs(line.cents), abs(invoice.cents))
        part = Part(invoice.id, line.id, paid, paid)
    return Group((part,), tuple(reasons), tuple(obstacles), accidents, score)


def _is_near(invoice: InvoiceFact, read: Read) -> bool:
    line = read[0]
    gap, total = abs(invoice.cents) - abs(line.cents), abs(invoice.cents)
    days = (line.booked_on - invoice.issued_on).days
    is_small = 0 < gap <= max(ROUNDING_CENTS, total * DISCOUNT_PERMILLE // 1000) or 0 < -gap <= min(
        FEE_CENTS, max(ROUNDING_CENTS, total // 20)
    )
    is_other_way = (line.cents < 0) is not (invoice.cents > 0)
    return is_small and not is_other_way and invoice.currency == line.currency and -12 <= days <= WITHIN_DAYS


def _is_rate(invoice: InvoiceFact, read: Read) -> bool:
    line = read[0]
    days = (_bought_on(read) - invoice.issued_on).days
    low, high = RATES
    return (
        (line.cents < 0) is (invoice.cents > 0)
        and line.currency == "EUR"
        and -1 <= days <= RATE_DAYS
        and low <= abs(line.cents) / abs(invoice.cents) <= high
    )


def _bought_on(read: Read) -> date:
    return read[1].purchased_on or read[0].booked_on


def _swapped(day: date) -> date | None:
    """The other reading of a numeric date, or None where there is none."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)
