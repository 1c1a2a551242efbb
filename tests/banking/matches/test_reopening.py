"""A no is taken back: the pair is proposed again, and who said what stays written."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from banking.learning import learn_from
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match, undo_match
from banking.matches.refusals import refusals_of
from banking.matches.reopening import propose_again, unconfirm
from banking.models import BankAccount, BankAlias, Match, MatchState
from banking.runs.policies import _answers
from firms.models import Event, User
from tests.banking.matches.test_deciding import automatic, suggestion
from tests.banking.test_group_matches import assert_both_sides_hold
from tests.banking.test_reconciliation import a_line, an_invoice, run, states, together
from tests.factories.achats import NOW
from tests.factories.firms import member_of


def test_a_refusal_taken_back_brings_its_suggestion_back_and_keeps_who_said_no(account: BankAccount, by: User) -> None:
    match = suggestion(account)
    other = member_of(account.company)
    refuse_match(match=match, by=by)
    again = propose_again(match=match, by=other)
    assert states(account) == ["reopened", "suggested"]
    assert (again.state, again.amount_cents, again.transaction) == ("suggested", 1200, match.transaction)
    match.refresh_from_db()
    assert (match.decided_by, match.reopened_by) == (by, other)
    assert match.decided_at
    assert match.reopened_at
    kinds = Event.objects.filter(subject_id=match.invoice_id, kind__startswith="purchase.match_").order_by("pk")
    assert list(kinds.values_list("kind", "by")) == [
        ("purchase.match_refused", by.pk),
        ("purchase.match_reopened", other.pk),
    ]


def test_the_next_run_leaves_the_suggestion_that_came_back_where_it_is(account: BankAccount, by: User) -> None:
    match = suggestion(account)
    refuse_match(match=match, by=by)
    run(account)
    assert states(account) == ["refused"]
    again = propose_again(match=match, by=by)
    run(account)
    assert states(account) == ["reopened", "suggested"]
    assert Match.objects.suggested().get() == again


def test_what_a_person_once_undid_is_proposed_and_never_made_by_the_machine_again(
    account: BankAccount, by: User
) -> None:
    match = undo_match(match=automatic(account), by=by)
    run(account)
    assert states(account) == ["undone"]
    propose_again(match=match, by=by)
    run(account)
    assert states(account) == ["reopened", "suggested"]
    codes = [reason["code"] for reason in Match.objects.suggested().get().reasons]
    assert codes.count("not_auto_doubted") == 1
    confirm_match(match=Match.objects.suggested().get(), by=by)
    assert_both_sides_hold(account)


def test_a_refused_group_comes_back_whole_and_is_left_to_a_person(account: BankAccount, by: User) -> None:
    for gross, number in (("110.37", "F1"), ("215.11", "F2"), ("317.26", "F3")):
        an_invoice(account, gross_amount=Decimal(gross), net_amount=None, vat_amount=None, reference=number)
    a_line(account, amount=Decimal("-642.74"), label="VIR FOURNITURES DU NORD")
    run(account)
    assert states(account) == ["auto"] * 3
    rows = list(Match.objects.all())
    undo_match(match=rows[0], by=by)
    again = propose_again(match=rows[1], by=by)
    assert states(account) == ["reopened"] * 3 + ["suggested"] * 3
    assert Match.objects.suggested().filter(group=again.group).count() == 3
    run(account)
    assert states(account) == ["reopened"] * 3 + ["suggested"] * 3
    confirm_match(match=Match.objects.suggested().earliest("pk"), by=by)
    assert_both_sides_hold(account)


def test_what_something_else_took_meanwhile_only_loses_its_no(account: BankAccount, by: User) -> None:
    match = suggestion(account)
    refuse_match(match=match, by=by)
    an_invoice(account, reference="F-2")
    run(account)
    confirm_match(match=Match.objects.suggested().get(), by=by)
    again = propose_again(match=match, by=by)
    assert (again.pk, again.state) == (match.pk, MatchState.REOPENED)
    assert states(account) == ["confirmed", "reopened"]


def test_what_a_refusal_made_forget_is_remembered_again(account: BankAccount, by: User) -> None:
    BankAccount.objects.update(automation="off")
    match = automatic(account)
    assert match.state == MatchState.SUGGESTED
    learn_from([match], at=NOW)
    learn_from([match], at=NOW)
    before = list(BankAlias.objects.values("kind", "key", "supplier", "times", "learnt_at"))
    assert before
    refuse_match(match=match, by=by)
    assert not BankAlias.objects.exists()
    propose_again(match=match, by=by)
    assert list(BankAlias.objects.values("kind", "key", "supplier", "times", "learnt_at")) == before


def test_nothing_is_taken_back_twice_nor_where_nobody_said_no(account: BankAccount, by: User) -> None:
    match = suggestion(account)
    with pytest.raises(MatchChanged, match="n’est qu’une suggestion"):
        propose_again(match=match, by=by)
    refuse_match(match=match, by=by)
    propose_again(match=match, by=by)
    with pytest.raises(MatchChanged, match="vient d’être proposé à nouveau"):
        propose_again(match=match, by=by)


def test_a_no_taken_back_teaches_the_weights_nothing(account: BankAccount, by: User) -> None:
    match = suggestion(account)
    refuse_match(match=match, by=by)
    assert len(_answers(account.company)) == 1
    propose_again(match=match, by=by)
    assert _answers(account.company) == []


def test_the_database_holds_who_took_it_back_to_the_state(account: BankAccount) -> None:
    match = suggestion(account)
    with pytest.raises(IntegrityError, match="match_reopened"), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(state=MatchState.REOPENED)
    with pytest.raises(IntegrityError, match="match_reopened"), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(reopened_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_it_back_at_once_bring_it_back_once(account: BankAccount) -> None:
    match = refuse_match(match=suggestion(account), by=(person := member_of(account.company)))
    barrier, told = threading.Barrier(2), list[str]()

    def take_back() -> None:
        barrier.wait()
        try:
            told.append(propose_again(match=match, by=person).state)
        except MatchChanged as change:
            told.append(str(change))

    together(take_back, take_back)
    assert states(account) == ["reopened", "suggested"]
    assert sum(sentence.endswith("Rien n’a été changé.") for sentence in told) == 1


def test_what_was_undone_and_taken_back_is_listed_as_undone(account: BankAccount, by: User) -> None:
    match = confirm_match(match=suggestion(account), by=by)
    unconfirm(match=match, by=by)
    (told,) = refusals_of(Match.objects.select_related("invoice", "transaction"))
    assert (told.is_taken_back, told.words, told.taken_back_as) == (True, "Défait", "repris")
    again = refuse_match(match=Match.objects.suggested().get(), by=by, at=NOW)
    propose_again(match=again, by=by)
    words = {(told.words, told.taken_back_as) for told in refusals_of(Match.objects.select_related("invoice"))}
    assert words == {("Défait", "repris"), ("Refusé", "refus repris")}
