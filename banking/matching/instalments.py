"""One document that several lines pay: instalments that name its number, or the parcels of one order."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from banking.matching.blocking import Read
from banking.matching.days import shifted
from banking.matching.facts import InvoiceFact, Part, Reason, supplier_key
from banking.matching.groups import Group, Rest
from banking.matching.payments import PAYS_NOTHING
from banking.matching.subsets import exact_subsets

MOST_LINES = 12
PARCELS_BEFORE, PARCELS_WITHIN = timedelta(days=3), timedelta(days=12)
PAID_WITHIN_DAYS = 400
# « 2/4 »: the second of four payments.
OF_SO_MANY = re.compile(r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?![\d/])")


def payments_in_parts(rest: Rest) -> Iterator[Group]:
    """Lines that name the document and make its total; else as many as have come."""
    of_invoice: defaultdict[str, list[Read]] = defaultdict(list)
    documents = {}
    for read in rest.reads:
        named = rest.numbered(read) if read[1].kind not in PAYS_NOTHING else []
        for invoice in named:
            if _may_be_part(invoice, read):
                of_invoice[invoice.id].append(read)
                documents[invoice.id] = invoice
    for invoice_id, reads in of_invoice.items():
        invoice = documents[invoice_id]
        whole = exact_subsets([-read[0].cents for read in reads], invoice.cents, most=MOST_LINES, limit=2)
        if len(whole) == 1:
            yield _group(rest, invoice, [reads[index] for index in sorted(whole[0])], (), 0.0, 650)
        elif sum(abs(read[0].cents) for read in reads) < abs(invoice.cents):
            for read in reads:
                yield _group(rest, invoice, [read], (Reason("not_auto_first_parts"),), 1.0, 500)


def parcels(rest: Rest) -> Iterator[Group]:
    """Two to four lines of one supplier within some days that make a document's total: each parcel was charged."""
    of_supplier: defaultdict[str, list[Read]] = defaultdict(list)
    for read in rest.reads:
        if read[1].kind not in PAYS_NOTHING:
            for key in rest.keys_told(read):
                of_supplier[key].append(read)
    for invoice in rest.invoices:
        if invoice.is_off_bank:
            continue
        near = [
            read for read in _within(of_supplier.get(supplier_key(invoice), []), invoice) if _may_be_part(invoice, read)
        ]
        found = exact_subsets([-read[0].cents for read in near], invoice.cents, most=4, limit=4)
        for place, subset in enumerate(found[:2]):
            obstacles = (Reason("not_auto_parcels"),)
            yield _group(rest, invoice, [near[i] for i in sorted(subset)], obstacles, 1.0, 400 - 100 * place)


def _may_be_part(invoice: InvoiceFact, read: Read) -> bool:
    line = read[0]
    days = (line.booked_on - invoice.issued_on).days
    return (
        line.currency == invoice.currency
        and (line.cents < 0) is (invoice.cents > 0)
        and abs(line.cents) < abs(invoice.cents)
        and -12 <= days <= PAID_WITHIN_DAYS
    )


def _within(reads: list[Read], invoice: InvoiceFact) -> list[Read]:
    """Of lines in order of date, those of the days after the document in which its parcels are charged."""
    first = bisect_left(reads, shifted(invoice.issued_on, -PARCELS_BEFORE), key=_day)
    return reads[first : bisect_right(reads, shifted(invoice.issued_on, PARCELS_WITHIN), key=_day)]


def _day(read: Read) -> date:
    return read[0].booked_on


def _group(
    rest: Rest, invoice: InvoiceFact, reads: Sequence[Read], obstacles: tuple[Reason, ...], accidents: float, score: int
) -> Group:
    parts = tuple(Part(invoice.id, line.id, abs(line.cents), abs(line.cents)) for line, _ in reads)
    reasons = [_lines_reason(invoice, reads)]
    if any(invoice in rest.numbered(read) for read in reads):
        reasons.append(Reason("reference", {"reference": invoice.number}))
    # What was paid before is no obstacle to what is named and makes the rest.
    found = (*obstacles, *rest.obstacles([invoice], reads, but="partial"))
    return Group(parts, tuple(reasons), found, accidents, score)


def _lines_reason(invoice: InvoiceFact, reads: Sequence[Read]) -> Reason:
    paid = sum(abs(read[0].cents) for read in reads)
    values: dict[str, str | int] = {"cents": paid, "total": abs(invoice.cents), "currency": invoice.currency}
    if len(reads) > 1 and paid == abs(invoice.cents):
        return Reason("lines_make_total", {"count": len(reads), **values})
    said = OF_SO_MANY.search(reads[0][0].label)
    return Reason("part_of_total", {"place": said[0] if said else "", **values})
