from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from achats.models import Kind, PurchaseInvoice, Settlement
from banking.matches.by_hand import CannotMatch, match_by_hand
from banking.models import BankAccount, BankTransaction, Match, MatchState
from firms.models import User
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


def invoices(account: BankAccount, *amounts: str) -> list[PurchaseInvoice]:
    """A negative amount is a credit note."""
    return [
        an_invoice(
            account,
            kind=Kind.CREDIT_NOTE if amount.startswith("-") else Kind.INVOICE,
            gross_amount=Decimal(amount.lstrip("-")),
            net_amount=None,
            vat_amount=None,
        )
        for amount in amounts
    ]


def lines(account: BankAccount, *amounts: str) -> list[BankTransaction]:
    return [a_line(account, amount=Decimal(amount), label="VIR DIVERS") for amount in amounts]


def matched(account: BankAccount, person: User, chosen: list[PurchaseInvoice], used: list[BankTransaction]):
    return match_by_hand(
        company=account.company,
        invoice_ids=[row.pk for row in chosen],
        line_ids=[row.pk for row in used],
        by=person,
        at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("owed", "paid"),
    [
        (["10.00"], ["-10.00"]),
        (["10.00", "5.50"], ["-15.50"]),
        (["10.00"], ["-4.00", "-6.00"]),
        (["10.00", "5.50"], ["-3.00", "-12.50"]),
        (["10.00", "-2.25"], ["-7.75"]),
        (["-2.25"], ["2.25"]),
    ],
)
def test_sums_that_agree_settle_everything(account: BankAccount, person: User, owed, paid) -> None:
    matched(account, person, invoices(account, *owed), lines(account, *paid))
    assert set(PurchaseInvoice.objects.values_list("settlement", flat=True)) == {Settlement.SETTLED}
    assert not BankTransaction.objects.unmatched().exists()
    assert_both_sides_hold(account)


def test_what_does_not_agree_stays_open_on_its_side(account: BankAccount, person: User) -> None:
    (invoice,), (line,) = invoices(account, "10.00"), lines(account, "-8.00")
    matched(account, person, [invoice], [line])
    invoice.refresh_from_db()
    assert (invoice.settlement, invoice.settled_cents) == (Settlement.PARTIAL, 800)
    (other,), (more,) = invoices(account, "5.00"), lines(account, "-9.00")
    matched(account, person, [other], [more])
    more.refresh_from_db()
    assert more.allocated_cents == 500


def test_the_suggestions_of_the_pair_give_way(account: BankAccount, person: User) -> None:
    an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    suggested = Match.objects.get()
    matched(account, person, [suggested.invoice], [suggested.transaction])
    assert list(Match.objects.values_list("state", flat=True)) == [MatchState.CONFIRMED]


@pytest.mark.parametrize(
    ("owed", "paid"), [(["10.00"], ["10.00"]), (["2.00", "-9.00"], ["-7.00"]), (["3.00"], ["-3.00", "3.00"])]
)
def test_money_that_flows_the_wrong_way_is_refused_in_words(account: BankAccount, person: User, owed, paid) -> None:
    with pytest.raises(CannotMatch, match=r"\.$"):
        matched(account, person, invoices(account, *owed), lines(account, *paid))
    assert not Match.objects.exists()


def test_another_currency_without_a_total_in_that_of_the_books_is_refused_in_words(
    account: BankAccount, person: User
) -> None:
    (invoice,) = invoices(account, "10.00")
    PurchaseInvoice.objects.update(currency="USD")
    with pytest.raises(CannotMatch, match="sans total en EUR"):
        matched(account, person, [invoice], lines(account, "-10.00"))


def test_the_rows_of_another_company_do_not_exist(account: BankAccount, person: User) -> None:
    other = BankAccountFactory.create()
    with pytest.raises(CannotMatch, match="dans ce dossier"):
        matched(account, person, invoices(account, "1.00"), lines(other, "-1.00"))
    with pytest.raises(CannotMatch, match="dans ce dossier"):
        match_by_hand(company=account.company, invoice_ids=[uuid4()], line_ids=[uuid4()], by=person, at=timezone.now())
