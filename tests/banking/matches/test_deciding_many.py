"""Many automatic matches decided in one deed."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from achats.models import Kind
from banking.matches.deciding import confirm_match
from banking.matches.deciding_many import DecidedTogether, confirm_read, undo_of_run, undo_of_supplier
from banking.models import BankAccount, Match, MatchState
from firms.models import Event, User
from tests.banking.test_group_matches import assert_both_sides_hold
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def automatic(account: BankAccount, *names: str) -> list[Match]:
    for number, name in enumerate(names):
        an_invoice(account, supplier_name=name, gross_amount=Decimal(20 + number), vat_amount=None)
        a_line(account, amount=Decimal(-20 - number), label=f"CB {name.upper()} 2509 PARIS")
    run(account)
    return list(Match.objects.filter(state=MatchState.AUTO).order_by("pk"))


def undo_run(match: Match, person: User) -> DecidedTogether:
    return undo_of_run(company=match.company, run_id=match.run_id, by=person, at=timezone.now())  # type: ignore[arg-type]


def test_a_run_is_undone_but_for_what_a_person_confirmed(account: BankAccount, person: User):
    first, *others = automatic(account, "Starbucks", "Franprix", "Darty")
    confirm_match(match=first, by=person)
    assert undo_run(first, person) == DecidedTogether(done=2)
    first.refresh_from_db()
    assert first.state == MatchState.CONFIRMED
    assert Match.objects.filter(state=MatchState.UNDONE).count() == len(others)
    assert Event.objects.filter(kind="purchase.unmatched", by=person).count() == 2
    assert_both_sides_hold(account)


def test_those_of_a_supplier_are_undone_and_no_others(account: BankAccount, person: User):
    first, _ = automatic(account, "Starbucks", "Franprix")
    supplier = first.invoice.supplier_id
    assert supplier
    told = undo_of_supplier(company=account.company, supplier_id=supplier, by=person, at=timezone.now())
    assert told == DecidedTogether(done=1)
    assert Match.objects.get(state=MatchState.AUTO).invoice.supplier_name == "Franprix"


def test_a_group_is_one_match(account: BankAccount, person: User):
    for amount, kind in (("110.00", Kind.INVOICE), ("35.50", Kind.INVOICE), ("22.00", Kind.CREDIT_NOTE)):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None, kind=kind)
    a_line(account, amount=Decimal("-123.50"), label="VIR SEPA FOURNITURES DU NORD")
    run(account)
    rows = list(Match.objects.filter(state=MatchState.AUTO))
    assert len(rows) == 3
    ids = [row.pk for row in rows]
    told = confirm_read(company=account.company, match_ids=ids, by=person, at=timezone.now())
    assert told == DecidedTogether(done=1)
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.CONFIRMED}


def test_what_was_decided_meanwhile_is_told_by_name_and_left(account: BankAccount, person: User):
    first, second, third = automatic(account, "Starbucks", "Franprix", "Darty")
    other = member_of(account.company)
    confirm_match(match=first, by=other)
    confirm_match(match=third, by=person)
    ids = [first.pk, second.pk, third.pk]
    told = confirm_read(company=account.company, match_ids=ids, by=person, at=timezone.now())
    assert told.done == 1
    assert [sentence.split("\u00a0:")[0] for sentence in told.changed] == [first.invoice.supplier_name]
    assert str(other) in told.changed[0]


@pytest.mark.django_db(transaction=True)
def test_two_who_undo_the_same_run_at_once_undo_each_match_once():
    account = BankAccountFactory.create()
    person = member_of(account.company)
    match, *_ = automatic(account, "Starbucks", "Franprix", "Darty", "Orange")

    def undo(_: int) -> int:
        try:
            return undo_run(match, person).done
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(undo, range(2))) == 4
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.UNDONE}
    assert_both_sides_hold(account)
