"""One line that pays several documents of one supplier, credit notes deducted, or refunds several of one person."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from math import comb, gcd

from banking.matching.blocking import Read
from banking.matching.days import shifted
from banking.matching.facts import InvoiceFact, Part, Reason
from banking.matching.groups import MOST_ACCIDENTS, Group, Rest
from banking.matching.names import name_words, told_in
from banking.matching.numbering import names_others
from banking.matching.references import shared_reference
from banking.matching.subsets import MOST_AMOUNTS, Subset, exact_subsets, runs

WITHIN_DAYS = 130
CLAIMED_WITHIN_DAYS = 120
PAID_AHEAD = timedelta(days=5)
PAYS_NOTHING = {"return", "withdrawal", "fee"}
PAYS_ONE = PAYS_NOTHING | {"card"}
# A payment settles what came within a month. Documents picked here and there from more are an accident first.
PICKED_WITHIN = timedelta(days=31)
# A solution stands out where it is this many times less likely by accident than the next one.
STANDS_OUT = 10


def payments_of_several(rest: Rest) -> Iterator[Group]:
    """The sums found for each line, best first."""
    for read in rest.reads:
        label = read[1]
        if label.kind in PAYS_ONE:
            continue
        for supplier_key, signs in suppliers_told(rest, read):
            yield from _groups(rest, read, rest.of_supplier[supplier_key], signs, WITHIN_DAYS)
        for payer, invoices in rest.of_payer.items():
            if is_told(payer, label.words):
                signs = [Reason("payer", {"name": payer})]
                yield from _groups(rest, read, invoices, signs, CLAIMED_WITHIN_DAYS, but="off_bank")


def is_told(payer: str, words: Sequence[str]) -> bool:
    """Every word of a person's name stands in the label."""
    told = [word for word in name_words(payer) if len(word) > 1]
    return bool(told) and all(word in words for word in told)


def suppliers_told(rest: Rest, read: Read) -> Iterator[tuple[str, list[Reason]]]:
    """The suppliers whose name, alias or number the label bears, with that as a reason."""
    alias = rest.alias(read)
    for key in rest.keys_told(read):
        supplier = rest.of_supplier[key][0].supplier
        if alias == key:
            yield key, [Reason("alias", {"supplier": supplier})]
        else:
            told = told_in(supplier, read[1].words)
            yield key, [Reason("name", {"name": told})] if told else []


def _groups(
    rest: Rest, read: Read, invoices: Sequence[InvoiceFact], signs: list[Reason], within: int, *, but: str = ""
) -> Iterator[Group]:
    """The sums of `invoices` that give the line to the cent."""
    line = read[0]
    able = candidates(read, invoices, within, but=but)
    amounts = [invoice.cents for invoice in able]
    if len(able) < 2:
        return
    found = sorted({*exact_subsets(amounts, -line.cents), *runs(amounts, -line.cents)}, key=lambda s: (len(s), s))
    told = sorted(((_accidents(read, able, subset), subset) for subset in found), key=lambda pair: pair)
    for place, (accidents, subset) in enumerate(told[:3]):
        chosen = [able[index] for index in subset]
        obstacles = rest.obstacles(chosen, [read], but=but)
        if place or (len(told) > 1 and told[1][0] < accidents * STANDS_OUT):
            obstacles.append(Reason("not_auto_sums", {"count": len(told)}))
        elif _has_a_twin(read, able, subset):
            obstacles.append(Reason("not_auto_twin"))
        elif names_others([invoice.number for invoice in chosen], read[1]):
            obstacles.append(Reason("not_auto_other_number"))
        elif accidents > MOST_ACCIDENTS:
            obstacles.append(Reason("not_auto_accident"))
        reasons = [sum_reason(chosen), *_references(read, chosen), *signs, *_shape(able, subset)]
        yield Group(parts_of(read, chosen), tuple(reasons), tuple(obstacles), accidents, 600 - 100 * place)


def candidates(read: Read, invoices: Sequence[InvoiceFact], within: int, *, but: str = "") -> list[InvoiceFact]:
    """Of documents in order of date, those that the line may pay; of many, those nearest before it."""
    line = read[0]
    first = bisect_left(invoices, shifted(line.booked_on, -timedelta(days=within)), key=_day)
    last = bisect_right(invoices, shifted(line.booked_on, PAID_AHEAD), key=_day)
    able = (
        invoice
        for invoice in reversed(invoices[first:last])
        if invoice.currency == line.currency and (but == "off_bank" or not invoice.is_off_bank)
    )
    return list(islice(able, MOST_AMOUNTS))[::-1]


def _day(invoice: InvoiceFact) -> date:
    return invoice.issued_on


def _has_a_twin(read: Read, able: Sequence[InvoiceFact], subset: Subset) -> bool:
    """Whether a document outside could stand for one inside whose number the label does not bear: the same cents."""
    left = {able[index].cents for index in range(len(able)) if index not in subset}
    return any(able[i].cents in left and not shared_reference(able[i].number, read[1].references) for i in subset)


def parts_of(read: Read, chosen: Sequence[InvoiceFact]) -> tuple[Part, ...]:
    line = read[0]
    sign = 1 if line.cents < 0 else -1
    return tuple(Part(invoice.id, line.id, sign * invoice.cents, abs(invoice.cents)) for invoice in chosen)


def sum_reason(chosen: Sequence[InvoiceFact]) -> Reason:
    credits = sum(invoice.cents < 0 for invoice in chosen)
    if credits in (0, len(chosen)):
        return Reason("sum_equal", {"count": len(chosen)})
    return Reason("sum_equal_less_credits", {"count": len(chosen) - credits, "credits": credits})


def _references(read: Read, chosen: Sequence[InvoiceFact]) -> list[Reason]:
    told = [i.number for i in chosen if shared_reference(i.number, read[1].references)]
    return [Reason("reference", {"reference": ", ".join(told)})] if told else []


def _shape(able: Sequence[InvoiceFact], subset: Subset) -> list[Reason]:
    if len(subset) == len(able):
        return [Reason("all_open", {"count": len(able)})]
    if _is_run(subset):
        first, last = able[subset[0]].issued_on, able[subset[-1]].issued_on
        return [Reason("in_a_row", {"first": first.isoformat(), "last": last.isoformat()})]
    return []


def _is_run(subset: Subset) -> bool:
    return subset[-1] - subset[0] + 1 == len(subset) and list(subset) == sorted(subset)


def _accidents(read: Read, able: Sequence[InvoiceFact], subset: Subset) -> float:
    """How many sums of this shape would give the line by accident.

    Shapes from the rarest: all documents named, all that are open, an unbroken run, any subset of this size; one that
    is scattered over more than a month is never rare. Sums crowd in the middle half of what is possible, in steps of
    the chosen amounts' common divisor: round amounts agree more often.
    """
    cents, n = [invoice.cents for invoice in able], len(able)
    step = max(gcd(*(cents[index] for index in subset), read[0].cents), 1)
    chance = 2 * step / max(sum(map(abs, cents)), abs(read[0].cents))
    named = sum(bool(shared_reference(able[index].number, read[1].references)) for index in subset)
    if named == len(subset):
        return chance / 1_000
    if named:
        return chance * comb(n - named, len(subset) - named) / 10
    if len(subset) == n:
        return chance
    if _is_run(subset):
        return chance * n * (n - 1) / 2
    picked = chance * sum(comb(n, size) for size in range(2, len(subset) + 1))
    is_scattered = able[subset[-1]].issued_on - able[subset[0]].issued_on > PICKED_WITHIN
    return max(picked, 1.0) if is_scattered else picked
