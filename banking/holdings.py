"""What the bank accounts of a file hold already, in two queries."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from banking.models import BankAccount, BankStatement, BankTransaction
from banking.statements.money import decimals_of
from banking.statements.overlap import Period
from banking.statements.statement import Statement


class Holdings:
    """Statements, and lines of the days that the file speaks of.

    `lines` maps account → fingerprint → (day, minor units); `periods` maps account → its statements.
    """

    def __init__(self, accounts: Iterable[BankAccount], statements: Sequence[Statement]) -> None:
        by_id = {account.pk: account for account in accounts}
        self.statements = list(BankStatement.objects.filter(account__in=by_id))
        self.lines: dict[UUID, dict[str, tuple[date, int]]] = {pk: {} for pk in by_id}
        self.periods: dict[UUID, list[Period]] = {pk: [] for pk in by_id}
        for pk, mark, day, held in _lines(list(by_id), statements):
            self.lines[pk][mark] = (day, cents(held, by_id[pk].currency))
        for row in self.statements:
            closing = row.closing_amount
            units = None if closing is None else cents(closing, by_id[row.account_id].currency)
            self.periods[row.account_id].append(Period(row.format, row.opening_on, row.closing_on, units))


def _lines(accounts: Sequence[UUID], statements: Sequence[Statement]) -> Iterable[tuple[UUID, str, date, Decimal]]:
    days = [line.booked_on for statement in statements for line in statement.lines]
    if not days:
        return []
    rows = BankTransaction.objects.filter(account__in=accounts, booked_on__range=(min(days), max(days)))
    return rows.order_by("id").values_list("account_id", "fingerprint", "booked_on", "amount").iterator()


def amount(units: int, currency: str) -> Decimal:
    """Minor units of a currency as the database holds them."""
    return Decimal(units).scaleb(-decimals_of(currency))


def balance(units: int | None, currency: str) -> Decimal | None:
    """As `amount`, for what a file may leave out."""
    return None if units is None else amount(units, currency)


def cents(held: Decimal, currency: str) -> int:
    """The minor units of what the database holds."""
    return int(held.scaleb(decimals_of(currency)))
