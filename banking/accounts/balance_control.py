"""Do the lines of an account make the balances that its bank printed? Asked at each import, told on its page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Self
from uuid import UUID

from django.db.models import Sum

from banking.models import BankAccount, BankStatement, BankTransaction
from banking.statements.checkpoints import Checkpoint


class Sums:
    """What the lines of an account add up to, by day and by statement."""

    def __init__(self, totals: Iterable[tuple[date, UUID, Decimal]]) -> None:
        self.by_statement: dict[UUID, dict[date, Decimal]] = defaultdict(dict)
        by_day: dict[date, Decimal] = defaultdict(Decimal)
        for day, pk, total in totals:
            self.by_statement[pk][day] = total
            by_day[day] += total
        self.days = sorted(by_day)
        self.reached = [Decimal(0), *accumulate(by_day[day] for day in self.days)]

    @classmethod
    def of(cls, account: BankAccount) -> Self:
        lines = BankTransaction.objects.filter(account=account).order_by()
        return cls(lines.values_list("booked_on", "statement_id").annotate(total=Sum("amount")))

    def between(self, after: date, until: date) -> Decimal:
        """The sum of the days after one and up to another."""
        return self.reached[bisect_right(self.days, until)] - self.reached[bisect_right(self.days, after)]


def control_balances(accounts: Iterable[BankAccount]) -> None:
    """Write in each account until when its balances are right and, where they cease to be, by how much since when."""
    # By id: as a run of the matching locks them.
    for account in sorted(accounts, key=lambda account: account.pk):
        account.right_until, account.discrepancy, account.discrepancy_since = _control(account)
        account.save(update_fields=["right_until", "discrepancy", "discrepancy_since"])


def _control(account: BankAccount) -> tuple[date | None, Decimal | None, date | None]:
    statements = _statements(account)
    if not statements:
        return None, None, None
    sums = Sums.of(account)
    right_until, since, missing = None, None, Decimal(0)
    before: Checkpoint | None = None
    for point, ids in statements:
        wrong = _step(before, point, ids, sums)
        if wrong and since is None:
            since = before.closing_on if before else point.opening_on
        missing += wrong
        right_until = point.closing_on if since is None else right_until
        before = point
    return right_until, missing if since else None, since


def _statements(account: BankAccount) -> list[tuple[Checkpoint, set[UUID]]]:
    """Each balance with the statements that print it, by day of closing."""
    found: dict[Checkpoint, set[UUID]] = {}
    rows = BankStatement.objects.filter(account=account, closing_amount__isnull=False, closing_on__isnull=False)
    columns = ("format", "opening_on", "opening_amount", "closing_on", "closing_amount")
    for pk, *told in rows.order_by("closing_on", "opening_on", "pk").values_list("pk", *columns):
        found.setdefault(Checkpoint(*told), set()).add(pk)
    return list(found.items())


def _step(before: Checkpoint | None, point: Checkpoint, ids: set[UUID], sums: Sums) -> Decimal:
    """What the lines lack, or have too much, to lead from one balance to the next; zero where they lead to it.

    A bank may book a line of a day in the statement of the next: the lines of the days, or of the statement, will do.
    """
    if before:
        start_on, start = before.closing_on, before.closing
    elif point.opening_on and point.opening is not None:
        start_on, start = point.opening_on, point.opening
    else:
        return Decimal(0)
    moved, after = point.closing - start, sums.between(start_on, point.closing_on)
    on_the_day = sum((sums.by_statement[pk].get(start_on, Decimal(0)) for pk in ids), Decimal(0))
    by_statement = sum((total for pk in ids for total in sums.by_statement[pk].values()), Decimal(0))
    return Decimal(0) if moved in {by_statement, after, after + on_the_day} else moved - after
