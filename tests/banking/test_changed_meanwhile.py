"""What changes while the engine thinks is left to the next run: its decision was about another invoice."""

import pytest

from achats.correcting import correct_invoice
from achats.models import Kind
from banking import reconciliation
from banking.matching.engine import match
from banking.models import BankAccount, Match
from banking.renewing import renew_suggestions
from tests.banking.test_reconciliation import a_line, an_invoice, run, states
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.mark.parametrize(("change", "afterwards"), [({"kind": Kind.CREDIT_NOTE}, []), ({"note": "vue"}, ["auto"])])
def test_an_invoice_that_changes_while_the_engine_thinks_is_left_to_the_next_run(
    account: BankAccount, monkeypatch: pytest.MonkeyPatch, change: dict, afterwards: list[str]
) -> None:
    invoice, _ = an_invoice(account), a_line(account)

    def think(*facts):
        decisions = match(*facts)
        correct_invoice(invoice=invoice, by=member_of(account.company), at=NOW, changes=change)
        return decisions

    monkeypatch.setattr(reconciliation, "match", think)
    assert run(account).automatic == 0
    assert states(account) == []
    monkeypatch.undo()
    run(account)
    assert states(account) == afterwards


def test_suggestions_of_an_invoice_that_changed_are_dropped_and_those_of_others_stay(account: BankAccount) -> None:
    BankAccount.objects.update(automation="off")
    invoices = [an_invoice(account, gross_amount=amount, reference=f"F{amount}") for amount in (12, 15)]
    for amount in (12, 15):
        a_line(account, amount=-amount)
    run(account)
    assert states(account) == ["suggested", "suggested"]
    renew_suggestions(invoice=invoices[0])
    assert Match.objects.get().invoice == invoices[1]
