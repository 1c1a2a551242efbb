"""Does an item agree with itself? Pure. Rate × base is not checked: the extracted amount always wins.

Sums may differ by 0.01 a line, for every line is rounded by itself; nothing is ever mended.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from dext_connector.payloads import Fault, PublishedItem, PublishedLine
from firms.typography import format_amount, format_day

CENT = Decimal("0.01")
EARLIEST = date(2000, 1, 1)
DAYS_AHEAD = timedelta(days=60)
MEND_LINES = "corrigez les lignes ou le total dans Dext."


def faults_of(item: PublishedItem, *, today: date) -> Iterator[Fault]:
    """What in `item` cannot be; what could not even be read is not judged again."""
    unread = {fault.pointer.split("/")[1] for fault in item.faults}
    if "date" not in unread:
        yield from _date_faults(item, today)
    if not unread & {"total", "net", "vat_amount", "lines"}:
        yield from _amount_faults(item)


def line_gross(line: PublishedLine) -> Decimal:
    """What a line costs: its total, else net and VAT, of which what did not come counts for nothing."""
    return line.total if line.total is not None else (line.net or Decimal(0)) + (line.vat_amount or Decimal(0))


def has_only_net(lines: Iterable[PublishedLine]) -> bool:
    """Whether the lines say nothing but their net amount, the VAT standing at the foot of the document."""
    return all(line.total is None and line.vat_amount is None and line.net is not None for line in lines)


def _date_faults(item: PublishedItem, today: date) -> Iterator[Fault]:
    shown = format_day(item.issued_on)
    if item.issued_on > today + DAYS_AHEAD:
        words = f"La date {shown} est à plus de 60 jours d’ici\u00a0: corrigez-la dans Dext."
        yield Fault(code="date_too_far", pointer="/date", value=item.issued_on.isoformat(), message=words)
    if item.issued_on < EARLIEST:
        words = f"La date {shown} est antérieure à 2000\u00a0: corrigez-la dans Dext."
        yield Fault(code="date_too_old", pointer="/date", value=item.issued_on.isoformat(), message=words)


def _amount_faults(item: PublishedItem) -> Iterator[Fault]:
    if item.total < 0:
        mend = "Publiez ce document comme avoir."
        if item.kind == "credit_note":
            mend = "Un avoir se publie avec un total positif, le type dit le sens."
        words = f"Le total {format_amount(item.total)} est négatif. {mend}"
        yield Fault(code="negative_total", pointer="/total", value=str(item.total), message=words)
        return
    if item.vat_amount is not None and item.vat_amount > item.total:
        words = f"La TVA ({format_amount(item.vat_amount)}) dépasse le total ({format_amount(item.total)})"
        yield _fault("vat_above_total", "/vat_amount", item.vat_amount, f"{words}\u00a0: corrigez-la dans Dext.")
    elif item.net is not None and item.vat_amount is not None and item.net + item.vat_amount != item.total:
        found, total = format_amount(item.net + item.vat_amount), format_amount(item.total)
        words = f"Le HT plus la TVA ({found}) diffère du total ({total})\u00a0: corrigez l’un des trois dans Dext."
        yield _fault("totals_differ", "/net", item.net, words)
    if item.lines:
        yield from _line_faults(item)


def _line_faults(item: PublishedItem) -> Iterator[Fault]:
    inner = [fault for index, line in enumerate(item.lines) for fault in _faults_in(line, index)]
    yield from inner
    if inner:
        return
    tolerance = CENT * len(item.lines)
    if has_only_net(item.lines):
        net = item.net if item.net is not None else item.total - (item.vat_amount or 0)
        yield from _sum_fault("lines_differ", [line.net for line in item.lines], net, tolerance, "des lignes HT", "HT")
        return
    gross = [line_gross(line) for line in item.lines]
    yield from _sum_fault("lines_differ", gross, item.total, tolerance, "des lignes", "")
    if item.vat_amount is not None:
        vat = [line.vat_amount for line in item.lines]
        yield from _sum_fault("lines_vat_differ", vat, item.vat_amount, tolerance, "de la TVA des lignes", "de TVA")


def _faults_in(line: PublishedLine, index: int) -> Iterator[Fault]:
    """A line that says no amount, or three that do not agree."""
    if line.total is None and line.net is None:
        words = f"La ligne {index + 1} n’a pas de montant\u00a0: renseignez-le dans Dext."
        yield Fault(code="required", pointer=f"/lines/{index}/total", value=None, message=words)
    elif line.total is not None and line.net is not None and line.vat_amount is not None:
        found = line.net + line.vat_amount
        if abs(found - line.total) > CENT:
            words = f"Ligne {index + 1}\u00a0: le HT plus la TVA ({format_amount(found)})"
            words += f" diffère du total ({format_amount(line.total)})\u00a0: {MEND_LINES}"
            yield _fault("totals_differ", f"/lines/{index}/net", line.net, words)


def _sum_fault(
    code: str, amounts: Sequence[Decimal | None], total: Decimal, tolerance: Decimal, of: str, which: str
) -> Iterator[Fault]:
    """« La somme des lignes (14,00) diffère du total (14,10) »; silent where an amount did not come."""
    known = [amount for amount in amounts if amount is not None]
    found = sum(known, Decimal(0))
    if len(known) == len(amounts) and abs(found - total) > tolerance:
        noun = f"total {which}".strip()
        words = f"La somme {of} ({format_amount(found)}) diffère du {noun} ({format_amount(total)})\u00a0: {MEND_LINES}"
        yield _fault(code, "/lines", found, words)


def _fault(code: str, pointer: str, value: Decimal, message: str) -> Fault:
    return Fault(code=code, pointer=pointer, value=str(value), message=message)
