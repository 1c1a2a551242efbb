"""Until which day the lines of a bank account are known, and when that is too long ago."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from banking.models import BankStatement, BankTransaction

LATE_AFTER = timedelta(days=31)


def known_until() -> Coalesce:
    """A column of BankAccount: the closing day of its last statement, else the day of its last line, else None."""
    closed = BankStatement.objects.filter(account=OuterRef("pk")).exclude(closing_on=None).order_by("-closing_on")
    lines = BankTransaction.objects.filter(account=OuterRef("pk")).order_by("-booked_on")
    return Coalesce(Subquery(closed.values("closing_on")[:1]), Subquery(lines.values("booked_on")[:1]))
