"""Which account of the chart the books keep for a bank account, said by a person."""

from django.db import transaction

from banking.models import BankAccount
from firms.events import record_event
from firms.models import User
from ledger.models import Account


@transaction.atomic
def keep_in_books(*, account: BankAccount, ledger_account: Account | None, by: User) -> None:
    """Book `account` under `ledger_account`, of the same company; what was posted before stays.

    Writes `bank_account.booked`; nothing where nothing changes.
    """
    held = BankAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("company", "ledger_account")
    row = held.get(pk=account.pk)
    if ledger_account and ledger_account.company_id != row.company_id:
        raise ValueError("the account is of another company")
    if row.ledger_account == ledger_account:
        return
    codes = [said.code if said else None for said in (row.ledger_account, ledger_account)]
    row.ledger_account = ledger_account
    row.save(update_fields=["ledger_account"])
    record_event(
        company=row.company, kind="bank_account.booked", subject_id=row.pk, by=by, changes={"ledger_account": codes}
    )
