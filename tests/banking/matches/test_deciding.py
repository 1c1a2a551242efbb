import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from achats.changing.cancelling import InvoiceNotEditable, cancel_invoice
from achats.models import PurchaseInvoice, Settlement
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match, undo_match
from banking.models import BankAccount, BankTransaction, Match, MatchState
from firms.models import Event, User
from tests.banking.test_reconciliation import a_line, an_invoice, assert_sums_hold, run, states, together
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def suggestion(account: BankAccount) -> Match:
    an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    return Match.objects.get()


def automatic(account: BankAccount) -> Match:
    an_invoice(account)
    a_line(account)
    run(account)
    return Match.objects.get()


def settlement(match: Match) -> str:
    return PurchaseInvoice.objects.get(pk=match.invoice_id).settlement


def test_a_confirmed_suggestion_settles_its_invoice_and_bears_its_decider(account: BankAccount, person: User) -> None:
    match = confirm_match(match=suggestion(account), by=person)
    assert (match.state, match.decided_by) == (MatchState.CONFIRMED, person)
    assert settlement(match) == Settlement.SETTLED
    assert_sums_hold(account.company)
    kinds = Event.objects.filter(subject_id=match.invoice_id, by=person).values_list("kind", flat=True)
    assert sorted(kinds) == ["purchase.matched", "purchase.settled"]


def test_confirming_an_automatic_match_marks_it_read_and_allocates_nothing_more(
    account: BankAccount, person: User
) -> None:
    match = confirm_match(match=automatic(account), by=person)
    assert match.state == MatchState.CONFIRMED
    assert_sums_hold(account.company)


def test_what_a_confirmation_uses_up_is_no_longer_suggested(account: BankAccount, person: User) -> None:
    an_invoice(account)
    an_invoice(account, supplier_name="Kiloutou")
    a_line(account, label="CHEQUE 0012452")
    run(account)
    confirm_match(match=Match.objects.all()[0], by=person)
    assert states(account) == ["confirmed"]


def test_a_refused_pair_is_never_proposed_again(account: BankAccount, person: User) -> None:
    refuse_match(match=suggestion(account), by=person)
    run(account)
    assert states(account) == ["refused"]


def test_an_undone_match_gives_back_both_sides_and_is_never_made_again(account: BankAccount, person: User) -> None:
    match = undo_match(match=automatic(account), by=person)
    assert settlement(match) == Settlement.UNSETTLED
    assert_sums_hold(account.company)
    run(account)
    assert states(account) == ["undone"]
    assert Event.objects.filter(subject_id=match.invoice_id, kind="purchase.unmatched", by=person).exists()


def test_an_undone_invoice_may_be_matched_with_another_line(account: BankAccount, person: User) -> None:
    undo_match(match=automatic(account), by=person)
    a_line(account)
    run(account)
    assert states(account) == ["auto", "undone"]


@pytest.mark.parametrize("deed", [confirm_match, refuse_match])
def test_what_was_decided_cannot_be_decided_again(account: BankAccount, person: User, deed) -> None:
    match = suggestion(account)
    refuse_match(match=match, by=person)
    with pytest.raises(MatchChanged, match=rf"vient d’être refusé \(\d\d:\d\d, {person}\)\. Rien n’a été changé\."):
        deed(match=match, by=person)


def test_a_suggestion_cannot_be_undone(account: BankAccount, person: User) -> None:
    with pytest.raises(MatchChanged, match="n’est qu’une suggestion"):
        undo_match(match=suggestion(account), by=person)


def test_a_suggestion_that_a_run_replaced_says_so(account: BankAccount, person: User) -> None:
    match = suggestion(account)
    Match.objects.all().delete()
    with pytest.raises(MatchChanged, match="Cette suggestion n’existe plus"):
        confirm_match(match=match, by=person)


def test_confirming_on_a_line_that_was_taken_says_when_and_by_whom(account: BankAccount, person: User) -> None:
    an_invoice(account)
    an_invoice(account, supplier_name="Kiloutou")
    a_line(account, label="CHEQUE 0012452")
    run(account)
    first, second = Match.objects.all()
    confirm_match(match=first, by=person)
    with pytest.raises(MatchChanged, match=rf"Cette ligne vient d’être rapprochée \(\d\d:\d\d, {person}\)"):
        confirm_match(match=second, by=person)
    assert_sums_hold(account.company)


def test_a_cancelled_invoice_cannot_be_confirmed(account: BankAccount, person: User) -> None:
    match = suggestion(account)
    cancel_invoice(invoice=match.invoice, by=person, reason="Erreur", at=timezone.now())
    with pytest.raises(MatchChanged, match="vient d’être annulée"):
        confirm_match(match=match, by=person)


def test_a_matched_invoice_cannot_be_cancelled_until_it_is_undone(account: BankAccount, person: User) -> None:
    match = automatic(account)
    with pytest.raises(InvoiceNotEditable):
        cancel_invoice(invoice=match.invoice, by=person, reason="Erreur", at=timezone.now())
    undo_match(match=match, by=person)
    cancel_invoice(invoice=match.invoice, by=person, reason="Erreur", at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_use_a_line_once() -> None:
    account = BankAccountFactory.create()
    person = member_of(account.company)
    an_invoice(account)
    an_invoice(account, supplier_name="Kiloutou")
    a_line(account, label="CHEQUE 0012452")
    run(account)
    deeds = [lambda match=match: confirm_match(match=match, by=person) for match in Match.objects.all()]
    results = together(*deeds)
    assert {type(result) for result in results} == {Match, MatchChanged}
    assert_sums_hold(account.company)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_read_before_a_confirmation_does_not_use_the_line_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run has asked the engine; a person confirms; then the run stores."""
    account = BankAccountFactory.create()
    person = member_of(account.company)
    match = suggestion(account)
    BankTransaction.objects.update(label="CB FOURNITURES DU NORD 2509")
    from banking import reconciliation

    store = reconciliation.store_decisions

    def confirm_meanwhile(*given) -> None:
        thread = threading.Thread(target=lambda: together(lambda: confirm_match(match=match, by=person)))
        thread.start()
        thread.join()
        store(*given)

    monkeypatch.setattr(reconciliation, "store_decisions", confirm_meanwhile)
    made = run(account)
    assert (made.automatic, made.suggested, states(account)) == (0, 0, ["confirmed"])
    assert_sums_hold(account.company)


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_waits_for_the_run_that_holds_its_rows() -> None:
    account = BankAccountFactory.create()
    person = member_of(account.company)
    match = suggestion(account)
    BankTransaction.objects.update(label="CB FOURNITURES DU NORD 2509")
    results: list = []
    with transaction.atomic():
        run(account)
        thread = threading.Thread(target=lambda: results.extend(together(lambda: undo_match(match=match, by=person))))
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
    thread.join()
    assert results[0].state == MatchState.UNDONE
    assert_sums_hold(account.company)


def test_the_moment_of_a_decision_is_the_callers(account: BankAccount, person: User) -> None:
    at = timezone.now() - timedelta(days=1)
    assert confirm_match(match=suggestion(account), by=person, at=at).decided_at == at


def test_more_than_is_left_of_an_invoice_is_refused(account: BankAccount, person: User) -> None:
    match = suggestion(account)
    PurchaseInvoice.objects.update(settled_cents=1, settlement=Settlement.PARTIAL)
    with pytest.raises(MatchChanged, match="pas assez"):
        confirm_match(match=match, by=person)
    assert BankTransaction.objects.get().allocated_cents == 0
