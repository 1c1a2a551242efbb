"""One row of a bank's CSV → one line of a statement."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from banking.statements.amounts import UnreadableAmount, to_cents
from banking.statements.csv_layout import Layout
from banking.statements.csv_mapping import folded_header
from banking.statements.csv_preamble import refuse_deferred
from banking.statements.csv_table import Row
from banking.statements.days import to_day
from banking.statements.statement import AGAIN, Complements, StatementLine, UnreadableStatement, one_line, pieces

LABEL_LENGTH: Final = 200
_ENDS: Final = ("total", "totaux", "solde", "nombre d operations")
_ORDERS: Final = {"dmy": "jj/mm/aaaa", "mdy": "mm/jj/aaaa", "ymd": "aaaa-mm-jj"}


class Key(NamedTuple):
    """What a row says of its account and currency, as it says it."""

    account: str
    currency: str


def refusal(row: Row, reason: str) -> UnreadableStatement:
    return UnreadableStatement(f"Ligne {row.line} : {reason}. {AGAIN}", row.line)


def data_rows(rows: Iterator[Row], header: Row, layout: Layout) -> Iterator[Row]:
    """The rows of settled operations, up to the total; what else follows is a note, not an operation.

    Raises UnreadableStatement where an operation stands below the total, or has more cells than there are columns.
    """
    is_over = has_gap = False
    for row in rows:
        if row.is_blank or row.cells == header.cells:
            has_gap = True
        elif not _says_something(row, layout):
            is_over = is_over or _ends(row)
            refuse_deferred(" ".join(row.cells), row.line)
            if not (has_gap or is_over):
                raise refusal(row, "ni date ni montant")
        elif is_over:
            raise refusal(row, "une opération après le total")
        else:
            if any(row.cells[len(header.cells) :]):
                raise refusal(row, f"{len(row.cells)} cases pour {len(header.cells)} colonnes")
            if _is_settled(row, layout):
                yield row


def _says_something(row: Row, layout: Layout) -> bool:
    """True for a row that is an operation, were it an unreadable one; a supplier may be called Total."""
    day = next((row.cell(place) for place in layout.booked_on if row.cell(place)), "")
    has_amount = any(row.cell(place) for place in (layout.amount, layout.debit, layout.credit))
    if day:
        return not _is_end(day) and (has_amount or to_day(day, layout.order) is not None)
    return has_amount and not _ends(row)


def _ends(row: Row) -> bool:
    return _is_end(next(cell for cell in row.cells if cell))


def _is_end(cell: str) -> bool:
    return not cell[:1].isdigit() and folded_header([cell])[0].startswith(_ENDS)


def _is_settled(row: Row, layout: Layout) -> bool:
    if layout.status is None:
        return True
    status = folded_header([row.cell(layout.status)])[0]
    if status not in layout.settled | layout.dropped:
        raise refusal(row, f"statut « {row.cell(layout.status)[:40]} » inconnu")
    return status in layout.settled


def key_of(row: Row, layout: Layout, currency: str) -> Key:
    """`currency` is that of the file, for a row that names none."""
    return Key(row.cell(layout.account), row.cell(layout.currency).upper() or currency)


def read_row(row: Row, layout: Layout, currency: str, debit_sign: int) -> tuple[StatementLine, int | None]:
    """The line and the balance after it, in the `currency` of the row.

    `debit_sign` is −1 where the file writes its debits as negative amounts, else 1.
    """
    cents = _cents(row, layout, currency, debit_sign)
    label, detail = _texts(row, layout)
    line = StatementLine(
        booked_on=_day(row, layout),
        amount_cents=cents,
        label=label,
        detail=detail,
        value_on=to_day(row.cell(layout.value_on), layout.order),
        purchased_on=to_day(row.cell(layout.purchased_on), layout.order),
        kind=one_line(row.cell(layout.kind), 20),
        bank_reference=row.cell(layout.bank_reference)[:255],
        line_number=row.line,
        complements=_complements(row, layout, cents, currency),
    )
    return line, amount_in(row, layout.balance, layout, currency)


def _day(row: Row, layout: Layout) -> date:
    text = next((row.cell(place) for place in layout.booked_on if row.cell(place)), "")
    if not text:
        raise refusal(row, "date absente")
    day = to_day(text, layout.order)
    if day is None:
        raise refusal(row, f"date « {text[:40]} » illisible, {_ORDERS[layout.order]} attendu")
    return day


def amount_in(row: Row, place: int | None, layout: Layout, currency: str) -> int | None:
    """The amount of a cell in minor units, None where the cell is empty. Raises UnreadableStatement."""
    text = row.cell(place)
    if not text:
        return None
    try:
        return to_cents(text, currency, layout.mark)
    except UnreadableAmount as reason:
        raise refusal(row, f"montant « {text[:40]} » {reason}") from None


def _cents(row: Row, layout: Layout, currency: str, debit_sign: int) -> int:
    if layout.amount is not None:
        cents = amount_in(row, layout.amount, layout, currency)
        if cents is None:
            raise refusal(row, "montant absent")
        return cents
    debit = amount_in(row, layout.debit, layout, currency)
    credit = amount_in(row, layout.credit, layout, currency)
    if debit and credit:
        raise refusal(row, "un débit et un crédit dans une même opération")
    if debit is None and credit is None:
        raise refusal(row, "ni débit ni crédit")
    if (debit or 0) * debit_sign < 0 or (credit or 0) < 0:
        shown = row.cell(layout.debit if debit else layout.credit)
        raise refusal(row, f"montant « {shown[:40]} » de signe contraire à celui des autres lignes")
    return (credit or 0) - abs(debit or 0)


def _texts(row: Row, layout: Layout) -> tuple[str, str]:
    """A label of one line; the detail keeps the lines that the bank put in one cell."""
    parts = [row.cell(place) for place in layout.label]
    label = one_line(" ".join(dict.fromkeys(parts)), LABEL_LENGTH)
    texts = [text for place in (*layout.label, *layout.detail) for text in row.cell(place).splitlines()]
    detail = pieces([one_line(text) for text in texts])
    return label or one_line(detail, LABEL_LENGTH) or one_line(row.cell(layout.kind)) or "Sans libellé", detail


def _complements(row: Row, layout: Layout, cents: int, currency: str) -> Complements:
    other = one_line(row.cell(layout.counterparty), 140)
    original = row.cell(layout.original_currency).upper()
    is_foreign = bool(original) and original != currency
    amount = amount_in(row, layout.original_amount, layout, original) if is_foreign else None
    return Complements(
        payer=other if cents > 0 else "",
        beneficiary=other if cents < 0 else "",
        original_currency=original[:3] if is_foreign else "",
        original_cents=abs(amount) if amount is not None else None,
        reference=one_line(row.cell(layout.reference), 140),
    )
