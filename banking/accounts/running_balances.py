"""The balance after each bank line, reckoned from the nearest balance that the bank printed; and the gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, OuterRef, QuerySet
from django.db.models.functions import Cast, JSONObject

from banking.models import BankAccount, BankStatement, BankTransaction
from banking.statements.checkpoints import Checkpoint, Gap, gaps, in_order
from banking.statements.overlap import CLOSED_BY_DAY

# A line booked on the day of the anchor, in a statement that opens with that balance, comes after it.
_TAILS = """
    SELECT id, tail, beyond FROM (
        SELECT l.id,
               sum(l.amount) OVER (ORDER BY l.booked_on DESC, l.id DESC) - l.amount AS tail,
               coalesce(sum(l.amount) FILTER (WHERE l.booked_on > %(anchor)s OR (
                   l.booked_on = %(anchor)s AND s.opening_on = %(anchor)s AND s.closing_on > %(anchor)s
                   AND s.format = ANY(%(closed_by_day)s))) OVER (), 0) AS beyond
        FROM banking_banktransaction l JOIN banking_bankstatement s ON s.id = l.statement_id
        WHERE l.account_id = %(account)s AND l.booked_on BETWEEN %(first)s AND %(last)s
    ) reckoned WHERE id = ANY(%(lines)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list: a line with the balance after it (None where no statement tells), or a gap."""

    line: BankTransaction | None = None
    balance: Decimal | None = None
    gap: Gap | None = None


def with_checkpoints(accounts: QuerySet[BankAccount]) -> QuerySet[BankAccount]:
    """Each with `printed`, what its statements print, in the same query."""
    rows = BankStatement.objects.filter(account=OuterRef("pk"), closing_amount__isnull=False, closing_on__isnull=False)
    told = JSONObject(
        format="format",
        opening_on="opening_on",
        opening=Cast("opening_amount", CharField()),
        closing_on="closing_on",
        closing=Cast("closing_amount", CharField()),
    )
    return accounts.annotate(printed=ArraySubquery(rows.order_by("closing_on").values_list(told)))


def checkpoints(account: BankAccount) -> list[Checkpoint]:
    """The balances of an account that came through `with_checkpoints`."""
    return in_order(
        Checkpoint(
            format=told["format"],
            opening_on=date.fromisoformat(told["opening_on"]) if told["opening_on"] else None,
            opening=Decimal(told["opening"]) if told["opening"] else None,
            closing_on=date.fromisoformat(told["closing_on"]),
            closing=Decimal(told["closing"]),
        )
        for told in account.printed  # type: ignore[attr-defined] # annotated
    )


def entries(
    account: BankAccount, lines: Sequence[BankTransaction], points: Sequence[Checkpoint], *, above: date | None
) -> list[Entry]:
    """The lines of a page, newest first, with their balances, and the gaps between them. One query.

    `above` is the day of the last line of the page before it; `date.max` on the first page, None where it is not known.
    """
    missing = gaps(points)
    balances = balances_of(account, lines, points, missing)
    shown: list[Entry] = []
    for line in lines:
        if above:
            between = [gap for gap in missing if line.booked_on <= gap.after < above]
            shown += [Entry(gap=gap) for gap in reversed(between)]
        shown.append(Entry(line, balances.get(line.pk)))
        above = line.booked_on
    return shown


def balances_of(
    account: BankAccount, lines: Sequence[BankTransaction], points: Sequence[Checkpoint], missing: Sequence[Gap]
) -> Mapping[UUID, Decimal]:
    """The balance after each of these lines, newest first, but those before the first statement."""
    if not lines or not points:
        return {}
    newest, oldest = lines[0].booked_on, lines[-1].booked_on
    anchor = next((point for point in points if point.closing_on >= newest), points[-1])
    tails = _tails(account, lines, anchor, oldest, max(newest, anchor.closing_on))
    first = points[0].opening_on or points[0].closing_on
    return {
        line.pk: anchor.closing + tails[line.pk] - _missing_after(line, anchor, missing)
        for line in lines
        if line.booked_on >= first
    }


def _missing_after(line: BankTransaction, anchor: Checkpoint, missing: Sequence[Gap]) -> Decimal:
    """What no statement holds between a line and the anchor."""
    between = (gap.amount for gap in missing if line.booked_on <= gap.after and gap.before <= anchor.closing_on)
    return sum(between, Decimal(0))


def _tails(
    account: BankAccount, lines: Sequence[BankTransaction], anchor: Checkpoint, first: date, last: date
) -> dict[UUID, Decimal]:
    """By line, what is to be added to the anchor's balance to have the one after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAILS,
            {
                "anchor": anchor.closing_on,
                "closed_by_day": sorted(CLOSED_BY_DAY),
                "account": str(account.pk),
                "first": min(first, anchor.closing_on),
                "last": last,
                "lines": [str(line.pk) for line in lines],
            },
        )
        return {pk: beyond - tail for pk, tail, beyond in cursor.fetchall()}
