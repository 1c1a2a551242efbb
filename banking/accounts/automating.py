"""How far the machine may go on a bank account, said by a person; and how right it was while it was only observed."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from banking.match_asking import ask_for_match
from banking.models import BankAccount, Match, MatchState
from firms.events import record_event
from firms.models import Event, User

KIND = "bank_account.automation_changed"


@transaction.atomic
def set_automation(*, account: BankAccount, automation: str, cap: Decimal | None, by: User) -> None:
    """Say how far the machine may go on `account`, with its new `cap` (None: none), and look anew at what is open.

    Writes `bank_account.automation_changed`; nothing where nothing changes.
    """
    held = BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    said = {"automation": automation, "automatic_cap": cap}
    changes = {name: [_plain(getattr(held, name)), _plain(new)] for name, new in said.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return
    held.automation, held.automatic_cap = automation, cap
    held.save(update_fields=list(said))
    record_event(company=held.company, kind=KIND, subject_id=held.pk, by=by, changes=changes)
    ask_for_match(company_id=held.company_id)


def last_change(account: BankAccount) -> Event | None:
    rows = Event.objects.filter(company=account.company_id, kind=KIND, subject_id=account.pk)
    return rows.select_related("by").order_by("-pk").first()


@dataclass(frozen=True)
class Observed:
    """What the machine would have made on an account in observation, and what people then said of it."""

    waiting: int
    confirmed: int
    refused: int

    @property
    def total(self) -> int:
        return self.waiting + self.confirmed + self.refused


def observed_on(account: BankAccount) -> Observed:
    """Counted in matches, a group of pairs as one: one query."""
    rows = Match.objects.filter(company=account.company_id, is_observed=True, transaction__account=account)
    numbers = dict(rows.order_by().values_list("state").annotate(number=Count(Coalesce("group", "pk"), distinct=True)))
    refused = numbers.get(MatchState.REFUSED, 0) + numbers.get(MatchState.UNDONE, 0)
    return Observed(numbers.get(MatchState.SUGGESTED, 0), numbers.get(MatchState.CONFIRMED, 0), refused)


def _plain(value: object) -> str | None:
    return f"{value:.2f}" if isinstance(value, Decimal) else None if value is None else str(value)
