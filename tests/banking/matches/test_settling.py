"""In a company in trésorerie a match posts its purchase; undone, its entry goes with it."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from achats.books.posting import CannotPost, NotPosted, post_invoice, unpost_invoice
from achats.changing.correcting import correct_invoice
from achats.changing.editing import InvoiceNotEditable
from achats.changing.history import events_of, history_of
from achats.models import PaymentEntry, PurchaseInvoice, Settlement, Status
from banking.matches.by_hand import match_by_hand
from banking.matches.deciding import MatchChanged, confirm_match, undo_match
from banking.matches.settling import obstacles_of, post_waiting, waiting_matches
from banking.models import BankAccount, BankTransaction, Match
from banking.reconciliation import reconcile_company
from banking.tasks import match_company, sweep_unposted_settlements
from firms.models import Company, Event, User
from ledger.models import AccountingMode, Bookkeeping, JournalEntry
from ledger.validating import validate_entries
from tests.achats.posting_rows import a_line, a_receipt, moves, open_company_of_2019
from tests.factories.achats import NOW, PaymentMethodFactory
from tests.factories.banking import BankAccountFactory, BankTransactionFactory

PAID = [("60630000", "", "5.15", ""), ("44566000", "", "0.61", ""), ("51210000", "", "", "5.76")]


@pytest.fixture
def company(db: None) -> Company:
    return cash_company()


def cash_company() -> Company:
    company = open_company_of_2019()
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    return Company.objects.get(pk=company.pk)


@pytest.fixture
def account(company: Company) -> BankAccount:
    return bank_of(company)


def bank_of(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company, ledger_account=company.accounts.get(code="51210000"))


def a_payment(account: BankAccount, amount: str = "-5.76", **fields) -> BankTransaction:
    usual = {"label": "CB FRANPRIX 1908 PARIS", "booked_on": date(2019, 8, 20)}
    return BankTransactionFactory.create(account=account, amount=Decimal(amount), **usual | fields)


def matched(invoice: PurchaseInvoice, *lines: BankTransaction, by: User) -> list[Match]:
    ids = [line.pk for line in lines]
    return match_by_hand(company=invoice.company, invoice_ids=[invoice.pk], line_ids=ids, by=by, at=NOW)


def kinds(invoice: PurchaseInvoice) -> list[str]:
    events = Event.objects.filter(subject_id=invoice.pk).order_by("id")
    return [kind.removeprefix("purchase.") for kind in events.values_list("kind", flat=True)]


def test_a_match_by_hand_posts_the_purchase_at_its_payment(account: BankAccount, by: User):
    invoice = a_receipt(account.company, reference="FA-12")
    [match] = matched(invoice, a_payment(account), by=by)
    invoice.refresh_from_db()
    assert match.payment is not None
    entry = match.payment.entry
    assert (invoice.status, invoice.entry, entry.name) == (Status.POSTED, None, "BQ-000001")
    assert moves(entry) == PAID
    assert (entry.posted_on, entry.document_on, entry.reference) == (date(2019, 8, 20), date(2019, 8, 19), "FA-12")
    assert kinds(invoice) == ["received", "matched", "settled", "posted"]
    assert Event.objects.get(kind="purchase.posted").changes == {"entry": [None, "BQ-000001"]}
    assert history_of(events_of(invoice))[0].words == "Comptabilisée"


def test_in_engagement_a_match_posts_nothing(account: BankAccount, by: User):
    Bookkeeping.objects.update(accounting_mode=AccountingMode.ACCRUAL)
    matched(a_receipt(account.company), a_payment(account), by=by)
    assert not JournalEntry.objects.exists()


def test_what_the_engine_matched_is_posted_by_the_worker(account: BankAccount):
    invoice, _ = a_receipt(account.company, reference="FA-12"), a_payment(account, label="PRLV FRANPRIX FA-12")
    match_company(company_id=str(account.company.pk))
    match = Match.objects.get()
    assert match.state == "auto"
    assert match.payment is not None
    assert moves(match.payment.entry) == PAID
    match_company(company_id=str(account.company.pk))
    assert JournalEntry.objects.count() == 1
    invoice.refresh_from_db()
    assert invoice.status == Status.POSTED


def test_what_a_dead_worker_left_is_found_by_the_sweep(account: BankAccount):
    a_receipt(account.company, reference="FA-12")
    a_payment(account, label="PRLV FRANPRIX FA-12")
    reconcile_company(company_id=account.company.pk)
    assert not JournalEntry.objects.exists()
    sweep_unposted_settlements()
    sweep_unposted_settlements()
    assert JournalEntry.objects.count() == 1


def test_parts_post_their_shares_and_the_last_one_the_rest(account: BankAccount, by: User):
    invoice = a_receipt(account.company)
    for amount, day in (("-1.92", 20), ("-1.92", 21)):
        matched(invoice, a_payment(account, amount, booked_on=date(2019, 8, day)), by=by)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.settlement) == (Status.POSTED, Settlement.PARTIAL)
    matched(invoice, a_payment(account, "-1.92", booked_on=date(2019, 8, 22)), by=by)
    entries = [moves(payment.entry) for payment in invoice.payment_entries.order_by("id")]
    assert [[row[2] or f"-{row[3]}" for row in entry] for entry in entries] == [
        ["1.72", "0.20", "-1.92"],
        ["1.72", "0.20", "-1.92"],
        ["1.71", "0.21", "-1.92"],
    ]
    assert kinds(invoice).count("posted") == 1
    assert kinds(invoice).count("payment_posted") == 2


def test_undone_a_draft_goes_and_the_purchase_waits_again(account: BankAccount, by: User):
    invoice = a_receipt(account.company)
    [match] = matched(invoice, a_payment(account), by=by)
    undo_match(match=match, by=by)
    invoice.refresh_from_db()
    match.refresh_from_db()
    assert (invoice.status, match.payment, JournalEntry.objects.count()) == (Status.READY, None, 0)
    assert kinds(invoice)[-2:] == ["unposted", "unmatched"]
    [again] = matched(invoice, BankTransaction.objects.get(), by=by)
    assert again.payment is not None


def test_one_of_two_parts_undone_leaves_the_other(account: BankAccount, by: User):
    invoice = a_receipt(account.company)
    [first] = matched(invoice, a_payment(account, "-2.00"), by=by)
    matched(invoice, a_payment(account, "-3.76"), by=by)
    undo_match(match=first, by=by)
    invoice.refresh_from_db()
    assert (invoice.status, PaymentEntry.objects.get().cents) == (Status.POSTED, 376)
    matched(invoice, a_payment(account, "-2.00", booked_on=date(2019, 9, 3)), by=by)
    lines = [row for payment in invoice.payment_entries.all() for row in moves(payment.entry)]
    assert sum(Decimal(debit or 0) for code, _, debit, _ in lines if code == "44566000") == Decimal("0.61")


def test_what_is_validated_or_closed_is_reversed(account: BankAccount, by: User):
    company = account.company
    first, second = a_receipt(company), a_receipt(company, reference="FA-2")
    [match] = matched(first, a_payment(account), by=by)
    validate_entries(company=company, until=date(2019, 12, 31), by=by, at=NOW)
    [other] = matched(second, a_payment(account, bank_reference="2"), by=by)
    undo_match(match=match, by=by)
    Bookkeeping.objects.update(locked_until=date(2019, 8, 31))
    undo_match(match=other, by=by)
    reversals = list(JournalEntry.objects.exclude(reverses=None).order_by("id"))
    assert [row.posted_on for row in reversals] == [date(2019, 8, 20), date(2019, 9, 1)]
    assert moves(reversals[0]) == [(code, party, credit, debit) for code, party, debit, credit in PAID]
    assert kinds(first)[-2:] == kinds(second)[-2:] == ["reversed", "unmatched"]
    assert set(PurchaseInvoice.objects.values_list("status", flat=True)) == {Status.READY}


def test_an_undo_that_no_open_year_may_hold_is_refused_whole(account: BankAccount, by: User):
    [match] = matched(a_receipt(account.company), a_payment(account), by=by)
    Bookkeeping.objects.update(locked_until=date(2019, 12, 31))
    with pytest.raises(MatchChanged, match="Aucun exercice du dossier ne contient le 01/01/2020"):
        undo_match(match=match, by=by)
    match.refresh_from_db()
    assert (match.state, PaymentEntry.objects.count()) == ("confirmed", 1)


def test_what_cannot_be_posted_stays_matched_and_says_why_then_is_posted_once_mended(account: BankAccount, by: User):
    BankAccount.objects.update(ledger_account=None)
    invoice = a_receipt(account.company)
    [match] = matched(invoice, a_payment(account), by=by)
    assert [reason.message for reason in obstacles_of(match)] == [
        "Le compte bancaire « Compte courant » n’a pas de compte de classe 5 : choisissez-le sur sa page."
    ]
    sweep_unposted_settlements()
    assert not JournalEntry.objects.exists()
    BankAccount.objects.update(ledger_account=account.company.accounts.get(code="51210000"))
    sweep_unposted_settlements()
    assert PaymentEntry.objects.get().invoice == invoice


def test_a_purchase_without_account_is_posted_once_it_has_one(account: BankAccount, by: User):
    company = account.company
    invoice = a_receipt(company)
    line = invoice.lines.get()
    correct_invoice(invoice=invoice, by=by, at=NOW, lines={line.pk: {"account": None}})
    matched(invoice, a_payment(account), by=by)
    assert not waiting_matches().exists()
    account_of = company.accounts.get(code="62570000")
    correct_invoice(invoice=invoice, by=by, at=NOW, lines={line.pk: {"account": account_of}})
    post_waiting(company_id=company.pk)
    assert moves(PaymentEntry.objects.get().entry)[0][0] == "62570000"


def test_one_posted_before_the_company_went_to_tresorerie_is_not_posted_again(account: BankAccount, by: User):
    Bookkeeping.objects.update(accounting_mode=AccountingMode.ACCRUAL)
    invoice = post_invoice(invoice=a_receipt(account.company), by=by, at=NOW)
    Bookkeeping.objects.update(accounting_mode=AccountingMode.CASH)
    [match] = matched(invoice, a_payment(account), by=by)
    post_waiting(company_id=account.company.pk)
    assert JournalEntry.objects.count() == 1
    assert obstacles_of(match) == []


def test_a_credit_note_deducted_from_a_payment_is_posted_against_it(account: BankAccount, by: User):
    company = account.company
    bill = a_receipt(company, a_line(company, "12.00", "2.00"), vat="2.00")
    credit = a_receipt(company, kind="credit_note", reference="AV-1")
    match_by_hand(
        company=company, invoice_ids=[bill.pk, credit.pk], line_ids=[a_payment(account, "-6.24").pk], by=by, at=NOW
    )
    banks = [row for payment in PaymentEntry.objects.all() for row in moves(payment.entry) if row[0] == "51210000"]
    assert sum(Decimal(debit or 0) - Decimal(credit or 0) for _, _, debit, credit in banks) == Decimal("-6.24")


def test_posted_by_its_match_it_is_taken_back_by_its_match_alone(account: BankAccount, by: User):
    invoice = a_receipt(account.company)
    matched(invoice, a_payment(account, "-2.00"), by=by)
    with pytest.raises(NotPosted, match="défaites le rapprochement"):
        unpost_invoice(invoice=invoice, by=by, at=NOW)
    with pytest.raises(InvoiceNotEditable, match="comptabilisée"):
        correct_invoice(invoice=invoice, by=by, at=NOW, changes={"note": "vue"})


def test_confirming_a_suggestion_posts_too(account: BankAccount, by: User):
    a_receipt(account.company)
    a_payment(account, label="CHEQUE 0012452")
    reconcile_company(company_id=account.company.pk)
    match = Match.objects.get()
    assert match.state == "suggested"
    assert confirm_match(match=match, by=by).payment is not None


def test_paid_in_cash_no_bank_line_will_come_so_it_is_published_by_hand(company: Company, by: User):
    method = PaymentMethodFactory.create(company=company, kind="cash")
    paid = a_receipt(company, payment_method=method, is_paid=True, paid_on=date(2019, 8, 21))
    entry = post_invoice(invoice=paid, by=by, at=NOW).entry
    assert moves(entry) == [*PAID[:2], ("53000000", "", "", "5.76")]
    assert (entry.name, entry.posted_on) == ("OD-000001", date(2019, 8, 21))
    own = PaymentMethodFactory.create(company=company, kind="personal")
    bought = a_receipt(company, reference="N-1", payment_method=own, is_paid=True)
    with pytest.raises(CannotPost, match="Le compte de qui a payé manque"):
        post_invoice(invoice=bought, by=by, at=NOW)
    own.person_account = company.accounts.get(code="42100000")
    own.save()
    assert moves(post_invoice(invoice=bought, by=by, at=NOW).entry)[-1][0] == "42100000"


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_one_posts():
    company = cash_company()
    account = bank_of(company)
    a_receipt(company, reference="FA-12")
    a_payment(account, label="PRLV FRANPRIX FA-12")
    reconcile_company(company_id=company.pk)

    def work() -> None:
        try:
            post_waiting(company_id=company.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (JournalEntry.objects.count(), PaymentEntry.objects.count()) == (1, 1)
