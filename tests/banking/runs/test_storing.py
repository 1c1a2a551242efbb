"""What a run stores: in eleven queries whatever its size, and nothing that a person decided meanwhile."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from achats.models import Kind, PurchaseInvoice, Status
from banking import reconciliation
from banking.matches.deciding import MatchChanged, confirm_match, refuse_match
from banking.models import BankAccount, BankTransaction, Match, MatchRun, MatchState
from firms.models import Event
from tests.banking.matches.test_deciding import suggestion
from tests.banking.test_group_matches import a_payment_of_three, assert_both_sides_hold
from tests.banking.test_reconciliation import DAY, a_line, an_invoice, run, states, together
from tests.factories.banking import BankAccountFactory, BankStatementFactory
from tests.factories.firms import member_of

MOST = 11


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


def store_pairs(account: BankAccount, numbers: range) -> None:
    """Invoices and the lines that paid them: one in three is told by its number, the others are only suggested."""
    PurchaseInvoice.objects.bulk_create(
        PurchaseInvoice(
            company=account.company,
            kind=Kind.CREDIT_NOTE if n % 3 == 2 else Kind.INVOICE,
            status=Status.READY,
            supplier_name=f"Kiloutou {n}",
            reference=f"FA{n:06d}",
            issued_on=DAY,
            currency="EUR",
            gross_amount=Decimal(1000 + n),
        )
        for n in numbers
    )
    statement = BankStatementFactory.create(account=account)
    BankTransaction.objects.bulk_create(
        BankTransaction(
            company=account.company,
            account=account,
            statement=statement,
            booked_on=DAY + timedelta(days=3),
            amount=Decimal(1000 + n) * (1 if n % 3 == 2 else -1),
            label="CHEQUE 123" if n % 3 else f"VIR KILOUTOU FA{n:06d}",
            fingerprint=f"pair {n}",
        )
        for n in numbers
    )


@pytest.mark.parametrize("count", [3, 300])
def test_a_run_that_makes_keeps_and_drops_takes_eleven_queries_whatever_its_size(
    account: BankAccount, count: int, django_assert_max_num_queries
) -> None:
    store_pairs(account, range(count))
    a_payment_of_three(account)
    with django_assert_max_num_queries(MOST):
        made = run(account)
    assert (made.automatic, made.suggested) == (count // 3 + 3, count - count // 3)
    assert_both_sides_hold(account)
    with django_assert_max_num_queries(MOST):
        assert run(account).automatic == 0
    gone = PurchaseInvoice.objects.filter(kind=Kind.CREDIT_NOTE, settled_cents=0)
    dropped = gone.update(is_settled_off_bank=True)
    BankTransaction.objects.filter(label="CHEQUE 123", amount__lt=0).update(label="VIR KILOUTOU")
    store_pairs(account, range(count, 2 * count))
    with django_assert_max_num_queries(MOST):
        made = run(account)
    assert made.automatic > count // 3
    assert made.suggested >= count - count // 3
    assert not Match.objects.suggested().filter(invoice__is_settled_off_bank=True).exists()
    assert dropped == count // 3
    assert_both_sides_hold(account)


def test_a_run_is_stored_with_what_it_counted_and_when_it_ended(account: BankAccount) -> None:
    store_pairs(account, range(6))
    made = run(account)
    stored = MatchRun.objects.get()
    assert (stored.pk, stored.automatic, stored.suggested, stored.trigger) == (made.pk, 2, 4, "hand")
    assert stored.started_at <= stored.finished_at
    made.save(update_fields=["trigger"])
    assert MatchRun.objects.count() == 1


def test_a_run_that_finds_nothing_is_stored_too(account: BankAccount) -> None:
    made = run(account)
    assert (made.automatic, made.suggested) == (0, 0)
    assert MatchRun.objects.get().finished_at


def test_matches_are_stored_in_the_order_of_the_decisions_and_told_before_what_they_settled(
    account: BankAccount,
) -> None:
    store_pairs(account, range(0, 30, 3))
    run(account)
    kinds = Event.objects.filter(kind__in=["purchase.matched", "purchase.settled"]).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["purchase.matched"] * 10 + ["purchase.settled"] * 10
    told = kinds.filter(kind="purchase.matched").values_list("subject_id", flat=True)
    assert list(Match.objects.order_by("pk").values_list("invoice_id", flat=True)) == list(told)


def test_a_suggestion_that_changed_is_mended_in_its_row_and_keeps_its_day(account: BankAccount) -> None:
    match = suggestion(account)
    BankTransaction.objects.update(label="CHEQUE FOURNITURES DU NORD")
    made = run(account)
    row = Match.objects.get()
    assert (row.pk, row.created_at, row.run) == (match.pk, match.created_at, made)
    assert row.reasons != match.reasons
    assert row.score > match.score


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed) -> None:
    """Have `deed` done, and committed, between the engine's answer and its storing."""
    store = reconciliation.store_decisions

    def after(*given) -> None:
        (result,) = together(deed)
        assert not isinstance(result, Exception), result
        store(*given)

    monkeypatch.setattr(reconciliation, "store_decisions", after)


@pytest.mark.django_db(transaction=True)
def test_what_a_person_refuses_while_the_engine_thinks_is_neither_made_nor_proposed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = BankAccountFactory.create()
    match, person = suggestion(account), member_of(account.company)
    BankTransaction.objects.update(label="CB FOURNITURES DU NORD 2509")
    meanwhile(monkeypatch, lambda: refuse_match(match=match, by=person))
    made = run(account)
    assert (made.automatic, made.suggested, states(account)) == (0, 0, [MatchState.REFUSED])
    assert not Event.objects.filter(kind="purchase.matched").exists()
    assert_both_sides_hold(account)


@pytest.mark.django_db(transaction=True)
def test_a_sum_of_which_one_pair_is_refused_while_the_engine_thinks_is_left_out_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = BankAccountFactory.create()
    person = member_of(account.company)
    line = a_payment_of_three(account)
    refused = account.company.purchase_invoices.filter(kind=Kind.INVOICE).first()

    def refuse() -> None:
        Match.objects.create(
            company=account.company, invoice=refused, transaction=line, amount_cents=1, state=MatchState.REFUSED,
            decided_by=person, decided_at=timezone.now(),
        )  # fmt: skip

    meanwhile(monkeypatch, refuse)
    assert run(account).automatic == 0
    assert states(account) == [MatchState.REFUSED]
    assert_both_sides_hold(account)


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_an_invoice_before_it_locks_any_line() -> None:
    """The order of every writer of matches: who waits for an invoice holds no line."""
    account = BankAccountFactory.create()
    invoice, line = an_invoice(account), a_line(account)
    results: list = []
    with transaction.atomic():
        PurchaseInvoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
        thread = threading.Thread(target=lambda: results.extend(together(lambda: run(account))))
        thread.start()
        wait_until_one_waits()
        BankTransaction.objects.select_for_update(no_key=True, nowait=True).get(pk=line.pk)
    thread.join()
    assert results[0].automatic == 1


def wait_until_one_waits() -> None:
    """Until another session of this database waits for a lock that this one holds."""
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_a_person_and_a_run_at_once_use_each_line_once() -> None:
    account = BankAccountFactory.create()
    store_pairs(account, range(1, 31, 3))
    run(account)
    person = member_of(account.company)
    BankTransaction.objects.update(label="VIR KILOUTOU")
    PurchaseInvoice.objects.update(supplier_name="Kiloutou")
    deeds = [lambda match=match: confirm_match(match=match, by=person) for match in Match.objects.all()[:5]]
    *people, made = together(*deeds, lambda: run(account))
    assert {type(result) for result in people} <= {Match, MatchChanged}
    assert isinstance(made, MatchRun)
    used = Match.objects.live().values("transaction").annotate(times=Count("pk"))
    assert {row["times"] for row in used} == {1}
    assert_both_sides_hold(account)
