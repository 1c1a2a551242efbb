"""What the bank accounts of a file hold already: their statements, and their lines day by day."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from banking.models import BankAccount, BankStatement, BankTransaction
from banking.statements.money import decimals_of
from banking.statements.overlap import Period


class Holdings:
    """The statements of some accounts, and their lines; `accounts` and `periods` are by account."""

    def __init__(self, accounts: Sequence[BankAccount]) -> None:
        self.accounts = {account.pk: account for account in accounts}
        self.statements = list(BankStatement.objects.filter(account__in=self.accounts))
        self.periods: dict[UUID, list[Period]] = {pk: [] for pk in self.accounts}
        for row in self.statements:
            closing = row.closing_amount
            units = None if closing is None else cents(closing, self.accounts[row.account_id].currency)
            self.periods[row.account_id].append(Period(row.format, row.opening_on, row.closing_on, units))

    def lines(self, since: date, until: date) -> Iterator[tuple[UUID, date, str, Decimal]]:
        """(account, day, fingerprint, amount) of the lines held from one day to another, by account and day.

        They are read as they are drawn, and as they stood at the first.
        """
        used = [pk for pk, periods in self.periods.items() if periods]
        rows = BankTransaction.objects.filter(account__in=used, booked_on__range=(since, until))
        columns = ("account_id", "booked_on", "fingerprint", "amount")
        return rows.order_by("account_id", "booked_on", "id").values_list(*columns).iterator()


def amount(units: int, currency: str) -> Decimal:
    """Minor units of a currency as the database holds them."""
    return Decimal(units).scaleb(-decimals_of(currency))


def balance(units: int | None, currency: str) -> Decimal | None:
    """As `amount`, for what a file may leave out."""
    return None if units is None else amount(units, currency)


def cents(held: Decimal, currency: str) -> int:
    """The minor units of what the database holds."""
    return int(held.scaleb(decimals_of(currency)))
