"""Do the lines of an account make the balances that its bank printed? Asked at each import, told on its page."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from banking.models import BankAccount, BankStatement, BankTransaction
from banking.statements.checkpoints import Checkpoint


def control_balances(accounts: Iterable[BankAccount]) -> None:
    """Write in each account until when its balances are right and, where they cease to be, by how much since when."""
    for account in accounts:
        account.right_until, account.discrepancy, account.discrepancy_since = _control(account)
        account.save(update_fields=["right_until", "discrepancy", "discrepancy_since"])


def _control(account: BankAccount) -> tuple[date | None, Decimal | None, date | None]:
    statements = _statements(account)
    if not statements:
        return None, None, None
    sums = list(
        BankTransaction.objects.filter(account=account)
        .order_by()
        .values_list("booked_on", "statement_id")
        .annotate(total=Sum("amount"))
    )
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


def _step(
    before: Checkpoint | None, point: Checkpoint, ids: set[UUID], sums: Sequence[tuple[date, UUID, Decimal]]
) -> Decimal:
    """What the lines lack, or have too much, to lead from one balance to the next; zero where they lead to it.

    A bank may book a line of a day in the statement of the next: the lines of the days, or of the statement, will do.
    """
    if before is None and (point.opening is None or point.opening_on is None):
        return Decimal(0)
    start_on = before.closing_on if before else point.opening_on
    moved = point.closing - (before.closing if before else point.opening or Decimal(0))
    by_statement = sum((total for _, pk, total in sums if pk in ids), Decimal(0))
    after = sum((total for day, _, total in sums if start_on and start_on < day <= point.closing_on), Decimal(0))
    on_the_day = sum((total for day, pk, total in sums if day == start_on and pk in ids), Decimal(0))
    return Decimal(0) if moved in {by_statement, after, after + on_the_day} else moved - after
