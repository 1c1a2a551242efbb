from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from achats.changing.cancelling import cancel_invoice
from achats.models import Kind, PurchaseInvoice, Settlement
from banking.matches.exporting import exported_matches
from banking.models import BankAccount, BankTransaction, Match, MatchRun, MatchState, PaymentMethodMapping
from banking.reconciliation import companies_with_news, reconcile_company
from banking.tasks import sweep_unmatched
from bench.reconciling import store as store_dossier
from firms.models import Company, Event
from tests.banking.matching.dossier import make_dossier
from tests.factories.achats import PaymentMethodFactory, PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import CompanyFactory, member_of

DAY = date(2019, 9, 25)


@pytest.fixture
def account(db: None) -> BankAccount:
    return BankAccountFactory.create()


def an_invoice(account: BankAccount, /, **fields: object) -> PurchaseInvoice:
    return PurchaseInvoiceFactory.create(company=account.company, **fields)


def a_line(account: BankAccount, /, **fields: object) -> BankTransaction:
    return BankTransactionFactory.create(account=account, **fields)


def run(account: BankAccount) -> MatchRun:
    return reconcile_company(company_id=account.company_id, trigger="hand")


def states(account: BankAccount) -> list[str]:
    return sorted(Match.objects.filter(company=account.company_id).values_list("state", flat=True))


def assert_sums_hold(company: Company) -> None:
    """The sums kept on both sides are those of the live matches."""
    for invoice in company.purchase_invoices.all():
        live = invoice.matches.live().aggregate(cents=Sum("amount_cents"))["cents"] or 0
        assert invoice.settled_cents == live
    for line in company.bank_transactions.all():
        assert line.allocated_cents == (line.matches.live().aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def test_a_unique_pair_is_matched_by_itself_and_the_invoice_is_settled(account: BankAccount) -> None:
    invoice, line = an_invoice(account), a_line(account)
    made = run(account)
    match = Match.objects.get()
    assert (match.state, match.amount_cents, match.run, match.decided_at) == (MatchState.AUTO, 1200, made, None)
    assert (made.automatic, made.suggested, made.trigger) == (1, 0, "hand")
    invoice.refresh_from_db()
    line.refresh_from_db()
    assert (invoice.settled_cents, invoice.settlement, line.allocated_cents) == (1200, Settlement.SETTLED, 1200)


def test_the_reasons_are_stored_and_read_in_french(account: BankAccount) -> None:
    an_invoice(account)
    a_line(account)
    run(account)
    (row,) = exported_matches(account.company)
    assert row["reasons"] == [
        "Montant identique au centime",
        "seule ligne de 12,00\u00a0€ en 142 jours",
        "«\u00a0FOURNITURES NORD\u00a0» dans le libellé",
        "achat du 25/09 dans le libellé",
    ]


def test_a_match_tells_those_above_by_its_events(account: BankAccount) -> None:
    invoice, line = an_invoice(account), a_line(account)
    run(account)
    told = Event.objects.filter(subject_id=invoice.pk, kind__in=["purchase.matched", "purchase.settled"])
    assert {event.kind: event.changes for event in told} == {
        "purchase.matched": {"match": [None, "auto"], "transaction": [None, str(line.pk)]},
        "purchase.settled": {"settlement": ["unsettled", "settled"]},
    }


def test_a_credit_note_is_matched_with_the_money_that_came_back(account: BankAccount) -> None:
    an_invoice(account, kind=Kind.CREDIT_NOTE)
    a_line(account, amount=Decimal("12.00"))
    assert run(account).automatic == 1
    assert_sums_hold(account.company)


def test_what_no_label_names_is_suggested_and_allocates_nothing(account: BankAccount) -> None:
    an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    assert states(account) == ["suggested"]
    assert_sums_hold(account.company)


def test_the_detail_of_a_line_is_read_with_its_label(account: BankAccount) -> None:
    an_invoice(account, reference="FA006834")
    a_line(account, label="PRLV SEPA", detail="PRLV SEPA\nFACTURE FA006834")
    assert run(account).automatic == 1


def test_a_foreign_invoice_settles_in_its_currency_and_takes_the_lines_own(account: BankAccount) -> None:
    invoice = an_invoice(account, currency="USD", gross_amount=Decimal("31.30"))
    line = a_line(account, amount=Decimal("-27.98"), label="CB FOURNITURES DU NORD 2509 31,30 USD")
    run(account)
    invoice.refresh_from_db()
    line.refresh_from_db()
    assert (invoice.settled_cents, invoice.settlement, line.allocated_cents) == (3130, Settlement.SETTLED, 2798)


def test_running_twice_changes_nothing_and_keeps_the_suggestions_as_they_are(account: BankAccount) -> None:
    an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    before = Match.objects.values().get()
    run(account)
    assert Match.objects.values().get() == before


def test_a_suggestion_that_no_longer_holds_is_removed(account: BankAccount) -> None:
    invoice = an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    cancel_invoice(invoice=invoice, by=member_of(account.company), reason="Erreur", at=timezone.now())
    run(account)
    assert states(account) == []


def test_a_suggestion_becomes_automatic_in_its_own_row_when_its_rival_goes(account: BankAccount) -> None:
    an_invoice(account)
    rival = an_invoice(account, reference="F1", allow_duplicate=True)
    a_line(account, label="VIR FOURNITURES DU NORD", amount=Decimal("-12.00"))
    run(account)
    assert states(account) == ["suggested", "suggested"]
    kept = Match.objects.exclude(invoice=rival).get()
    cancel_invoice(invoice=rival, by=member_of(account.company), reason="Erreur", at=timezone.now())
    run(account)
    assert (Match.objects.get().pk, states(account)) == (kept.pk, ["auto"])


def test_a_line_that_was_set_aside_is_not_matched(account: BankAccount) -> None:
    an_invoice(account)
    a_line(account, is_ignored=True)
    run(account)
    assert states(account) == []


def test_a_line_of_another_account_than_the_payment_methods_is_only_suggested(account: BankAccount) -> None:
    other = BankAccountFactory.create(company=account.company)
    method = PaymentMethodFactory.create(company=account.company)
    PaymentMethodMapping.objects.create(company=account.company, payment_method=method, bank_account=other)
    an_invoice(account, payment_method=method)
    line = a_line(account)
    run(account)
    assert states(account) == ["suggested"]
    BankTransaction.objects.filter(pk=line.pk).update(account=other)
    run(account)
    assert states(account) == ["auto"]


def test_companies_never_meet(account: BankAccount) -> None:
    an_invoice(account)
    stranger = BankAccountFactory.create()
    a_line(stranger)
    run(account)
    run(stranger)
    assert not Match.objects.exists()


def test_the_sweep_finds_what_came_since_the_last_run_and_nothing_else(account: BankAccount) -> None:
    CompanyFactory.create()
    assert not companies_with_news(margin=timedelta(0)).exists()
    an_invoice(account)
    assert companies_with_news(margin=timedelta(0)).get() == account.company
    run(account)
    assert not companies_with_news(margin=timedelta(0)).exists()
    a_line(account, label="CHEQUE 1")
    assert companies_with_news(margin=timedelta(0)).get() == account.company


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("celery_worker_process")
def test_a_real_worker_matches_what_the_sweep_found(celery_worker_process) -> None:
    account = BankAccountFactory.create()
    an_invoice(account)
    a_line(account)
    sweep_unmatched.delay()
    assert celery_worker_process.wait_until_idle()
    assert states(account) == ["auto"]


def together(*deeds) -> list:
    """Run `deeds` at once, each with a connection of its own; their results or exceptions in order."""

    def alone(deed):
        try:
            return deed()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(alone, deeds))


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_match_each_thing_once() -> None:
    account = BankAccountFactory.create()
    for n in range(20):
        amount = Decimal(1000 + n)
        an_invoice(account, gross_amount=amount, reference=f"FA{n:06d}")
        a_line(account, amount=-amount, label=f"VIR FOURNITURES DU NORD FA{n:06d}")
    first, second = together(lambda: run(account), lambda: run(account))
    assert sorted([first.automatic, second.automatic]) == [0, 20]
    assert_sums_hold(account.company)
    assert len(states(account)) == 20


def test_a_second_run_on_what_nobody_touched_makes_nothing_more_and_changes_nothing(account: BankAccount) -> None:
    store_dossier(account.company, make_dossier(seed=50_003, size=600, months=2))
    made = run(account)
    names = ("pk", "state", "rank", "reasons", "score", "record", "group")
    before = list(Match.objects.order_by("pk").values_list(*names))
    again = run(account)
    assert made.automatic > 250
    assert (again.automatic, again.suggested) == (0, made.suggested)
    assert list(Match.objects.order_by("pk").values_list(*names)) == before
