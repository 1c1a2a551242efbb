"""What changes while the engine thinks is left to the next run: its decision was about another invoice."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest

from achats.changing.correcting import correct_invoice
from achats.models import Kind
from banking import reconciliation
from banking.accounts.automating import set_automation
from banking.matches.renewing import renew_suggestions
from banking.matching.facts import Decision
from banking.matching.rounds import match_through
from banking.models import BankAccount, Match
from banking.runs import storing as match_storing
from tests.banking.test_reconciliation import a_line, an_invoice, run, states, together
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
        decisions = match_through(*facts)
        correct_invoice(invoice=invoice, by=member_of(account.company), at=NOW, changes=change)
        return decisions

    monkeypatch.setattr(reconciliation, "match_through", think)
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


def thinking(change: Callable[[], object]) -> Callable[..., list[Decision]]:
    """The engine, while whose thoughts somebody else does something on a connection of his own, to its end."""

    def think(*facts):
        decisions = match_through(*facts)
        (done,) = together(change)
        assert not isinstance(done, Exception), done
        return decisions

    return think


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("automation", "cap", "afterwards"),
    [("off", None, ["suggested"]), ("observed", None, ["suggested"]), ("on", 10, ["suggested"]), ("on", 99, ["auto"])],
)
def test_a_limit_told_while_the_engine_thinks_holds_for_what_it_thought(
    monkeypatch: pytest.MonkeyPatch, automation: str, cap: int | None, afterwards: list[str]
) -> None:
    account = BankAccountFactory.create()
    person = member_of(account.company)
    an_invoice(account), a_line(account)
    told = {"automation": automation, "cap": cap and Decimal(cap)}
    monkeypatch.setattr(
        reconciliation, "match_through", thinking(lambda: set_automation(account=account, by=person, **told))
    )
    assert run(account).automatic == 0
    assert states(account) == []
    monkeypatch.undo()
    run(account)
    assert states(account) == afterwards


@pytest.mark.django_db(transaction=True)
def test_a_switch_thrown_while_a_run_writes_waits_for_it_and_another_account_does_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = BankAccountFactory.create()
    other, person = BankAccountFactory.create(company=account.company), member_of(account.company)
    an_invoice(account), a_line(account)
    writes, is_switched = match_storing.write_matches, threading.Event()

    def switch() -> None:
        set_automation(account=account, automation="off", cap=None, by=person)
        is_switched.set()

    def slowly(*rows, **among):
        together(lambda: set_automation(account=other, automation="off", cap=None, by=person))
        switching.start()
        assert not is_switched.wait(0.5)
        return writes(*rows, **among)

    switching = threading.Thread(target=lambda: together(switch))
    monkeypatch.setattr(match_storing, "write_matches", slowly)
    assert run(account).automatic == 1
    switching.join(10)
    assert is_switched.is_set()
    account.refresh_from_db()
    assert (account.automation, states(account)) == ("off", ["auto"])
