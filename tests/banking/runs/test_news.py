"""What is new is matched at once in a large company, and nothing else is touched until the next whole run."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from achats.models import PurchaseInvoice
from banking.match_asking import LONG, ask_for_news
from banking.matching.engine import ENGINE_VERSION
from banking.models import NEWS, BankAccount, BankTransaction, Match, MatchRun, MatchState
from banking.reconciliation import companies_with_news
from banking.runs.news import MARGIN, WholeRunNeeded, match_what_is_new
from banking.tasks import match_company
from tests.banking.runs.test_storing import store_pairs
from tests.banking.test_group_matches import a_payment_of_three
from tests.banking.test_reconciliation import a_line, an_invoice, assert_sums_hold, run, states
from tests.factories.banking import BankAccountFactory
from tests.worker import messages, run_waiting


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


def a_whole_run(account: BankAccount) -> None:
    """All that there is was written long before it, and is known to it."""
    run(account)
    long_ago = timezone.now() - 2 * MARGIN
    PurchaseInvoice.objects.update(updated_at=long_ago)
    BankTransaction.objects.update(created_at=long_ago)


def news(account: BankAccount) -> MatchRun:
    return match_what_is_new(company_id=account.company_id)


def rows(account: BankAccount) -> list[tuple]:
    """What is stored of matches, but by which run."""
    names = ("pk", "invoice_id", "transaction_id", "group", "state", "rank", "reasons", "score", "record")
    return list(Match.objects.filter(company=account.company_id).order_by("pk").values_list(*names))


def test_a_new_invoice_is_matched_at_once_with_the_line_that_waits_for_it(account: BankAccount) -> None:
    line = a_line(account)
    a_whole_run(account)
    invoice = an_invoice(account)
    made = news(account)
    assert (made.automatic, made.suggested, made.trigger) == (1, 0, NEWS)
    match = Match.objects.get()
    assert (match.invoice, match.transaction, match.state) == (invoice, line, MatchState.AUTO)
    assert_sums_hold(account.company)


def test_a_new_line_is_matched_at_once_with_the_invoice_that_waits_for_it(account: BankAccount) -> None:
    an_invoice(account)
    a_whole_run(account)
    a_line(account)
    assert news(account).automatic == 1


def test_a_whole_run_after_it_changes_nothing(account: BankAccount) -> None:
    store_pairs(account, range(30))
    a_whole_run(account)
    store_pairs(account, range(30, 45))
    an_invoice(account, gross_amount=Decimal(1031), supplier_name="Kiloutou 4", reference="")
    made, _ = news(account), assert_sums_hold(account.company)
    before = rows(account)
    assert (made.automatic, made.suggested) == (5, 11)
    assert run(account).automatic == 0
    assert rows(account) == before


def test_a_new_rival_leaves_no_suggestion_as_it_was(account: BankAccount) -> None:
    an_invoice(account)
    a_line(account, label="CHEQUE 123")
    a_whole_run(account)
    (before,) = Match.objects.all()
    an_invoice(account)
    assert news(account).suggested == 2
    before.refresh_from_db()
    assert before.reasons[-1] == {"code": "not_auto_invoices", "values": {"count": 2}}


def test_what_has_other_cents_is_not_touched(account: BankAccount) -> None:
    an_invoice(account, gross_amount=Decimal(99))
    a_line(account, amount=Decimal(-99), label="CHEQUE 123")
    a_whole_run(account)
    before = rows(account)
    PurchaseInvoice.objects.update(payment_label="Espèces")
    a_line(account, label="CHEQUE 124")
    an_invoice(account)
    assert news(account).suggested == 1
    assert rows(account)[: len(before)] == before


def test_a_sum_is_dropped_whole_where_a_new_match_leaves_nothing_of_its_line(account: BankAccount) -> None:
    BankAccount.objects.update(automation="off")
    a_payment_of_three(account)
    a_whole_run(account)
    assert states(account) == ["suggested"] * 3
    line = BankTransaction.objects.get()
    BankAccount.objects.update(automation="on")
    an_invoice(account, gross_amount=-line.amount, issued_on=line.booked_on)
    assert news(account).automatic == 1
    assert states(account) == ["auto"]


def test_what_a_person_refused_is_not_brought_back(account: BankAccount) -> None:
    an_invoice(account)
    line = a_line(account)
    a_whole_run(account)
    Match.objects.update(state=MatchState.UNDONE)
    PurchaseInvoice.objects.update(settled_cents=0, settlement="unsettled", updated_at=timezone.now())
    BankTransaction.objects.update(allocated_cents=0)
    assert (news(account).automatic, states(account)) == (0, ["undone"])
    assert line.matches.count() == 1


@pytest.mark.parametrize("count", [3, 300])
def test_news_take_ten_queries_whatever_the_company_holds(
    account: BankAccount, count: int, django_assert_num_queries
) -> None:
    store_pairs(account, range(count))
    a_whole_run(account)
    an_invoice(account)
    a_line(account)
    # Ten, and the two of a savepoint that only a test has.
    with django_assert_num_queries(12):
        assert news(account).automatic == 1


def test_without_a_whole_run_before_there_is_no_news(account: BankAccount) -> None:
    with pytest.raises(WholeRunNeeded):
        news(account)


def test_after_a_run_of_another_engine_there_is_no_news(account: BankAccount) -> None:
    a_whole_run(account)
    MatchRun.objects.update(engine_version=f"{ENGINE_VERSION}.0")
    with pytest.raises(WholeRunNeeded):
        news(account)


def test_other_currencies_wait_for_a_whole_run(account: BankAccount) -> None:
    a_line(account, label="CB MAILJET 31,30 USD")
    a_whole_run(account)
    an_invoice(account, currency="USD", gross_amount=Decimal("31.30"))
    with pytest.raises(WholeRunNeeded):
        news(account)
    PurchaseInvoice.objects.update(currency="EUR", gross_amount=Decimal("12.00"))
    with pytest.raises(WholeRunNeeded):
        news(account)


def test_news_are_no_whole_run_for_what_waits_for_one(account: BankAccount) -> None:
    a_line(account)
    a_whole_run(account)
    an_invoice(account, gross_amount=Decimal(99))
    assert account.company in companies_with_news(margin=timedelta(0))
    news(account)
    assert account.company in companies_with_news(margin=timedelta(0))
    run(account)
    assert account.company not in companies_with_news(margin=timedelta(0))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_worker")
def test_news_are_matched_by_themselves_only_where_a_whole_run_takes_long() -> None:
    account = BankAccountFactory.create()
    match_company(company_id=str(account.company_id))
    ask_for_news(company_id=account.company_id)
    assert run_waiting() == ["banking.tasks.match_company"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_worker")
def test_where_a_whole_run_takes_long_it_follows_the_news(monkeypatch: pytest.MonkeyPatch) -> None:
    account: BankAccount = BankAccountFactory.create()
    monkeypatch.setattr(MatchRun, "took", 2 * LONG)
    match_company(company_id=str(account.company_id))
    for _ in range(3):
        ask_for_news(company_id=account.company_id)
    assert messages() == 1
    assert run_waiting() == ["banking.tasks.match_news", "banking.tasks.match_company"]
    triggers = MatchRun.objects.filter(company=account.company_id).order_by("pk").values_list("trigger", flat=True)
    assert list(triggers) == ["task", NEWS, "task"]
