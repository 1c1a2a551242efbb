"""What forbids the machine to act, each in the running product: what is certain is proposed, and made once lifted.

Every case stands on the same pair, which the machine makes by itself where nothing forbids it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from achats.changing.cancelling import cancel_invoice
from achats.models import Kind, PurchaseInvoice, Settlement, Status
from banking.matches.deciding import confirm_match, refuse_match, undo_match
from banking.matches.settlements import pairing
from banking.models import BankAccount, BankTransaction, Match, MatchState, PaymentMethodMapping
from firms.models import Company, Event
from ledger.models import Bookkeeping
from tests.banking.test_group_matches import a_payment_of_three
from tests.banking.test_reconciliation import DAY, a_line, an_invoice, run, states
from tests.factories.achats import PaymentMethodFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of

NBSP = "\u00a0"


@dataclass(frozen=True)
class Veto:
    """How it comes, how it goes, and what is said of it."""

    set: Callable[[BankAccount], object]
    lift: Callable[[BankAccount], object]
    words: str


def set_account(**fields) -> Callable[[BankAccount], object]:
    return lambda account: BankAccount.objects.filter(pk=account.pk).update(**fields)


def close_until(day: date | None) -> Callable[[BankAccount], object]:
    return lambda account: Bookkeeping.objects.filter(company=account.company).update(locked_until=day)


def set_company(**fields) -> Callable[[BankAccount], object]:
    return lambda account: Company.objects.filter(pk=account.company_id).update(**fields)


def suspect(account: BankAccount) -> None:
    first = an_invoice(account, reference="F1")
    cancel_invoice(invoice=first, by=member_of(account.company), reason="Erreur", at=timezone.now())
    company_invoices(account).exclude(pk=first.pk).update(duplicate_of=first)


def company_invoices(account: BankAccount):
    return PurchaseInvoice.objects.filter(company=account.company)


def pay_from_another_account(account: BankAccount) -> None:
    method = PaymentMethodFactory.create(company=account.company)
    other = BankAccountFactory.create(company=account.company)
    PaymentMethodMapping.objects.create(company=account.company, payment_method=method, bank_account=other)
    company_invoices(account).update(payment_method=method)


VETOES = {
    "account off": Veto(
        set_account(automation="off"),
        set_account(automation="on"),
        "les rapprochements automatiques sont désactivés sur ce compte",
    ),
    "observation": Veto(
        set_account(automation="observed"), set_account(automation="on"), "ce compte est en observation"
    ),
    "cap": Veto(
        set_account(automatic_cap=Decimal("11.99")),
        set_account(automatic_cap=Decimal("181.49")),
        "le montant dépasse le plafond de ce compte",
    ),
    "closed period": Veto(close_until(DAY + timedelta(days=1)), close_until(DAY), "la période est clôturée"),
    "archived company": Veto(set_company(is_active=False), set_company(is_active=True), "le dossier est archivé"),
    "duplicate": Veto(
        suspect,
        lambda account: company_invoices(account).update(duplicate_of=None),
        "la facture est un doublon possible",
    ),
    "partly settled": Veto(
        lambda account: company_invoices(account).update(gross_amount=Decimal("13.00"), settled_cents=100),
        lambda account: company_invoices(account).update(gross_amount=Decimal("12.00"), settled_cents=0),
        "la facture est déjà réglée en partie",
    ),
    "another account": Veto(
        pay_from_another_account,
        lambda account: company_invoices(account).update(payment_method=None),
        "le moyen de paiement est celui d’un autre compte",
    ),
}


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


@pytest.mark.parametrize("veto", VETOES.values(), ids=VETOES)
def test_a_certain_pair_is_only_proposed_while_something_forbids_it(account: BankAccount, veto: Veto) -> None:
    an_invoice(account)
    a_line(account)
    veto.set(account)
    assert run(account).automatic == 0
    match = Match.objects.get()
    assert (match.state, match.rank) == (MatchState.SUGGESTED, 1)
    assert f"Pas automatique{NBSP}: {veto.words}" in pairing([match], []).obstacles
    assert_nothing_was_done(account)
    veto.lift(account)
    assert run(account).automatic == 1
    assert Match.objects.get().pk == match.pk


@pytest.mark.parametrize("veto", [VETOES[name] for name in VETOES if name not in ("duplicate", "partly settled")])
def test_a_certain_sum_is_only_proposed_while_something_forbids_it(account: BankAccount, veto: Veto) -> None:
    line = a_payment_of_three(account)
    forbid = close_until(line.booked_on) if veto is VETOES["closed period"] else veto.set
    forbid(account)
    assert run(account).automatic == 0
    assert states(account) == ["suggested"] * 3
    assert len(set(Match.objects.values_list("group", flat=True))) == 1
    assert_nothing_was_done(account)
    veto.lift(account)
    assert run(account).automatic == 3


def assert_nothing_was_done(account: BankAccount) -> None:
    """No money is allocated, nothing is settled, and nobody is told of a match."""
    assert not BankTransaction.objects.exclude(allocated_cents=0).exists()
    assert not company_invoices(account).filter(settlement=Settlement.SETTLED).exists()
    assert not Event.objects.filter(kind__in=["purchase.matched", "purchase.settled"]).exists()


@pytest.mark.parametrize("name", ["account off", "cap", "closed period"])
def test_the_machine_is_stopped_and_a_person_is_not(account: BankAccount, name: str) -> None:
    an_invoice(account)
    a_line(account)
    VETOES[name].set(account)
    run(account)
    confirm_match(match=Match.objects.get(), by=member_of(account.company))
    assert states(account) == ["confirmed"]


def test_what_the_machine_would_have_made_in_observation_is_kept_in_writing(account: BankAccount) -> None:
    set_account(automation="observed")(account)
    a_payment_of_three(account)
    run(account)
    assert set(Match.objects.values_list("state", "is_observed")) == {("suggested", True)}
    refuse_match(match=Match.objects.all()[0], by=member_of(account.company))
    run(account)
    assert set(Match.objects.values_list("state", "is_observed")) == {("refused", True)}


def test_a_document_of_a_closed_period_that_is_paid_in_an_open_one_is_matched(account: BankAccount) -> None:
    """What was owed when the books were closed is paid afterwards: the payment is of the open period."""
    close_until(DAY)(account)
    an_invoice(account)
    a_line(account)
    assert run(account).automatic == 1


@pytest.mark.parametrize("status", [Status.NOT_READY, Status.READY, Status.POSTED])
def test_whether_an_invoice_is_ready_for_the_books_says_nothing_of_its_payment(
    account: BankAccount, status: Status
) -> None:
    invoice = an_invoice(account, account=None)
    assert invoice.status == Status.NOT_READY
    company_invoices(account).update(status=status)
    a_line(account)
    assert run(account).automatic == 1


def test_a_cancelled_invoice_is_not_even_proposed(account: BankAccount) -> None:
    cancel_invoice(invoice=an_invoice(account), by=member_of(account.company), reason="Erreur", at=timezone.now())
    a_line(account)
    run(account)
    assert states(account) == []


def test_what_was_settled_off_the_bank_is_not_even_proposed(account: BankAccount) -> None:
    an_invoice(account)
    company_invoices(account).update(is_settled_off_bank=True)
    a_line(account)
    run(account)
    assert states(account) == []


@pytest.mark.parametrize(("kind", "amount"), [(Kind.INVOICE, "12.00"), (Kind.CREDIT_NOTE, "-12.00")])
def test_money_that_flows_the_other_way_is_not_even_proposed(account: BankAccount, kind: Kind, amount: str) -> None:
    an_invoice(account, kind=kind)
    a_line(account, amount=Decimal(amount))
    run(account)
    assert states(account) == []


def test_of_two_free_rivals_none_is_made(account: BankAccount) -> None:
    an_invoice(account)
    an_invoice(account, issued_on=DAY - timedelta(days=1))
    a_line(account)
    assert run(account).automatic == 0
    assert states(account) == ["suggested", "suggested"]


@pytest.mark.parametrize("deed", [undo_match, refuse_match])
def test_a_pair_that_a_person_said_no_to_is_never_made_nor_proposed_again(account: BankAccount, deed) -> None:
    an_invoice(account)
    a_line(account)
    if deed is refuse_match:
        set_account(automation="off")(account)
    run(account)
    deed(match=Match.objects.get(), by=member_of(account.company))
    set_account(automation="on")(account)
    assert run(account).automatic == 0
    assert Match.objects.count() == 1


def test_a_sum_that_holds_a_pair_that_was_refused_is_not_made(account: BankAccount) -> None:
    line = a_payment_of_three(account)
    refused = company_invoices(account).filter(kind=Kind.INVOICE)[0]
    Match.objects.create(
        company=account.company, invoice=refused, transaction=line, amount_cents=1, state=MatchState.REFUSED,
        decided_by=member_of(account.company), decided_at=timezone.now(),
    )  # fmt: skip
    assert run(account).automatic == 0
