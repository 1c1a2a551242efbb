"""Pairs that only add up together are stored, confirmed, refused, undone and exported as one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.db.models.functions import Coalesce

from achats.models import Kind, PurchaseInvoice, Settlement
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match, undo_match
from banking.matches.exporting import exported_matches
from banking.models import BankAccount, BankTransaction, Match, MatchState
from firms.models import Event, User
from tests.banking.test_reconciliation import DAY, a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.fixture
def person(account: BankAccount) -> User:
    return member_of(account.company)


def a_payment_of_three(account: BankAccount, label: str = "VIR SEPA FOURNITURES NORD") -> BankTransaction:
    """Two invoices less a credit note."""
    for kind, amount in ((Kind.INVOICE, "123.17"), (Kind.INVOICE, "88.41"), (Kind.CREDIT_NOTE, "30.09")):
        an_invoice(account, kind=kind, gross_amount=Decimal(amount), net_amount=None, vat_amount=None)
    return a_line(account, label=label, amount=Decimal("-181.49"), booked_on=DAY + timedelta(days=20))


def settlements(account: BankAccount) -> set[str]:
    return set(PurchaseInvoice.objects.filter(company=account.company).values_list("settlement", flat=True))


def assert_both_sides_hold(account: BankAccount) -> None:
    for invoice in account.company.purchase_invoices.all():
        paid = invoice.matches.live().aggregate(cents=Sum(Coalesce("invoice_cents", "amount_cents")))["cents"]
        assert invoice.settled_cents == (paid or 0)
    for line in account.company.bank_transactions.all():
        assert line.allocated_cents == (line.matches.live().aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def test_a_payment_of_several_settles_each_and_uses_up_its_line(account: BankAccount) -> None:
    line = a_payment_of_three(account)
    assert run(account).automatic == 3
    line.refresh_from_db()
    assert (line.allocated_cents, settlements(account)) == (18_149, {Settlement.SETTLED})
    assert Match.objects.values("group").distinct().count() == 1
    assert_both_sides_hold(account)
    assert Event.objects.filter(kind="purchase.settled").count() == 3


def test_to_undo_one_is_to_undo_all_and_they_never_come_back(account: BankAccount, person: User) -> None:
    line = a_payment_of_three(account)
    run(account)
    undo_match(match=Match.objects.first(), by=person)
    line.refresh_from_db()
    assert (line.allocated_cents, settlements(account)) == (0, {Settlement.UNSETTLED})
    assert_both_sides_hold(account)
    assert run(account).automatic == 0
    assert not Match.objects.filter(state=MatchState.SUGGESTED).exists()


def a_suggested_sum(account: BankAccount) -> Match:
    """Two parcels of one order: a person must say."""
    an_invoice(account, gross_amount=Decimal("107.29"), net_amount=None, vat_amount=None)
    for place, amount in enumerate(("-33.94", "-73.35")):
        a_line(account, amount=Decimal(amount), booked_on=DAY + timedelta(days=place))
    run(account)
    return Match.objects.filter(state=MatchState.SUGGESTED).first()


def test_a_suggested_sum_is_confirmed_as_one(account: BankAccount, person: User) -> None:
    match = a_suggested_sum(account)
    confirm_match(match=match, by=person)
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.CONFIRMED}
    assert settlements(account) == {Settlement.SETTLED}
    assert_both_sides_hold(account)
    with pytest.raises(MatchChanged):
        refuse_match(match=match, by=person)


def test_a_refused_sum_is_refused_as_one_and_not_proposed_again(account: BankAccount, person: User) -> None:
    refuse_match(match=a_suggested_sum(account), by=person)
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.REFUSED}
    run(account)
    assert not Match.objects.filter(state=MatchState.SUGGESTED).exists()


def test_one_part_that_was_paid_meanwhile_leaves_the_whole_sum_undone(account: BankAccount, person: User) -> None:
    match = a_suggested_sum(account)
    BankTransaction.objects.filter(pk=Match.objects.exclude(pk=match.pk).get().transaction_id).update(allocated_cents=1)
    with pytest.raises(MatchChanged):
        confirm_match(match=match, by=person)
    assert settlements(account) == {Settlement.UNSETTLED}


def test_a_sum_that_is_suggested_again_keeps_its_rows(account: BankAccount) -> None:
    a_suggested_sum(account)
    before = set(Match.objects.values_list("pk", "group"))
    run(account)
    assert set(Match.objects.values_list("pk", "group")) == before


def test_a_sum_is_exported_in_one_row(account: BankAccount) -> None:
    a_payment_of_three(account)
    run(account)
    (row,) = exported_matches(account.company)
    assert (len(row["invoices"]), len(row["transactions"]), row["state"]) == (3, 1, "auto")


def test_a_purchase_says_with_which_others_it_was_paid(account: BankAccount, client, person: User) -> None:
    a_payment_of_three(account)
    run(account)
    invoice = PurchaseInvoice.objects.filter(kind=Kind.INVOICE).first()
    client.force_login(person)
    page = client.get(f"/dossiers/{account.company_id}/achats/{invoice.pk}/").content.decode()
    assert "Avec 2\u00a0autres factures" in page
    assert page.count("VIR SEPA FOURNITURES NORD") == 1
    assert "−30,09" in page


def test_several_lines_of_one_purchase_are_one_suggestion(account: BankAccount, client, person: User) -> None:
    match = a_suggested_sum(account)
    client.force_login(person)
    page = client.get(f"/dossiers/{account.company_id}/achats/{match.invoice_id}/").content.decode()
    assert page.count('<button class="button small" id="confirm-') == 1
    assert ("−33,94" in page, "−73,35" in page) == (True, True)
