"""« Publier »: one entry a purchase, taken back while it is a draft, reversed afterwards; told to those above."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from achats.books.posting import AlreadyPosted, CannotPost, NotPosted, post_invoice, reverse_invoice, unpost_invoice
from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import correct_invoice
from achats.changing.editing import InvoiceNotEditable
from achats.changing.history import events_of, history_of
from achats.models import Kind, PurchaseInvoice, Status, Supplier
from firms.models import Company, Event, User
from ledger.models import Bookkeeping, JournalEntry
from ledger.posting import EntryFinal
from ledger.validating import validate_entries
from tests.achats.posting_rows import a_line, a_receipt, moves, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.firms import UserFactory

RECEIPT = [("60630000", "", "5.15", ""), ("44566000", "", "0.61", ""), ("40110000", "401FRANP", "", "5.76")]


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def by(db: None) -> User:
    return UserFactory.create()


def kinds(invoice: PurchaseInvoice) -> list[str]:
    events = Event.objects.filter(subject_id=invoice.pk).order_by("id")
    return [kind.removeprefix("purchase.") for kind in events.values_list("kind", flat=True)]


def test_a_purchase_becomes_its_entry(company: Company, by: User):
    row = post_invoice(invoice=a_receipt(company, reference="FA-12"), by=by, at=NOW)
    row.refresh_from_db()
    assert (row.status, row.vat_amount, row.entry.name) == (Status.POSTED, Decimal("0.61"), "AC-000001")
    assert moves(row.entry) == RECEIPT
    assert (row.entry.label, row.entry.reference, row.entry.posted_on) == ("Franprix FA-12", "FA-12", date(2019, 8, 19))
    event = Event.objects.get(kind="purchase.posted")
    assert (event.subject_id, event.by, event.changes) == (row.pk, by, {"entry": [None, "AC-000001"]})
    assert history_of(events_of(row))[0].words == "Comptabilisée"
    assert history_of(events_of(row))[0].changes == [("Écriture", "—", "AC-000001")]


def test_a_credit_note_is_mirrored(company: Company, by: User):
    row = post_invoice(invoice=a_receipt(company, kind=Kind.CREDIT_NOTE), by=by, at=NOW)
    assert moves(row.entry) == [(account, party, credit, debit) for account, party, debit, credit in RECEIPT]


def test_twice_is_refused_and_makes_one_entry(company: Company, by: User):
    invoice = a_receipt(company)
    post_invoice(invoice=invoice, by=by, at=NOW)
    with pytest.raises(AlreadyPosted, match="déjà comptabilisée"):
        post_invoice(invoice=invoice, by=by, at=NOW)
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_clicks_at_once_one_makes_the_entry():
    company = open_company_of_2019()
    invoice, outcomes = a_receipt(company), []

    def press() -> None:
        try:
            outcomes.append(post_invoice(invoice=invoice, by=None, at=NOW).status)
        except AlreadyPosted:
            outcomes.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "already", "already", Status.POSTED]
    assert JournalEntry.objects.count() == 1


def test_what_is_not_ready_is_refused_with_its_reason(company: Company, by: User):
    with pytest.raises(CannotPost, match="Il manque le compte de charge") as refusal:
        post_invoice(invoice=a_receipt(company, account_less(company)), by=by, at=NOW)
    assert [reason.code for reason in refusal.value.reasons] == ["account_missing"]
    assert not JournalEntry.objects.exists()


def account_less(company: Company):
    return replace(a_line(company, "5.76", "0.61"), account=None)


def test_a_posted_one_is_neither_edited_nor_cancelled_until_it_is_taken_back(company: Company, by: User):
    invoice = post_invoice(invoice=a_receipt(company), by=by, at=NOW)
    for deed in (
        lambda: correct_invoice(invoice=invoice, by=by, at=NOW, changes={"note": "vue"}),
        lambda: cancel_invoice(invoice=invoice, by=by, reason="Doublon", at=NOW),
    ):
        with pytest.raises(InvoiceNotEditable, match="comptabilisée"):
            deed()
    unpost_invoice(invoice=invoice, by=by, at=NOW)
    assert cancel_invoice(invoice=invoice, by=by, reason="Doublon", at=NOW).status == Status.CANCELLED


def test_a_draft_is_taken_back_and_the_purchase_is_ready_again(company: Company, by: User):
    invoice = post_invoice(invoice=a_receipt(company), by=by, at=NOW)
    row = unpost_invoice(invoice=invoice, by=by, at=NOW)
    assert (row.status, row.entry, JournalEntry.objects.count()) == (Status.READY, None, 0)
    assert kinds(row) == ["received", "posted", "unposted"]
    assert Event.objects.get(kind="purchase.unposted").changes == {"entry": ["AC-000001", None]}
    with pytest.raises(NotPosted):
        unpost_invoice(invoice=invoice, by=by, at=NOW)
    assert post_invoice(invoice=invoice, by=by, at=NOW).entry.name == "AC-000002"


def test_a_validated_one_is_only_reversed_then_published_anew(company: Company, by: User):
    invoice = post_invoice(invoice=a_receipt(company), by=by, at=NOW)
    validate_entries(company=company, until=date(2019, 12, 31), by=by, at=NOW)
    with pytest.raises(EntryFinal, match="AC-2019-000001 est validée"):
        unpost_invoice(invoice=invoice, by=by, at=NOW)
    invoice.refresh_from_db()
    assert (invoice.status, kinds(invoice)) == (Status.POSTED, ["received", "posted"])
    row, reversal = reverse_invoice(invoice=invoice, by=by, at=NOW)
    assert (row.status, row.entry) == (Status.READY, None)
    assert moves(reversal) == [(account, party, credit, debit) for account, party, debit, credit in RECEIPT]
    assert Event.objects.get(kind="purchase.reversed").changes == {"entry": ["AC-2019-000001", "AC-000002"]}
    assert post_invoice(invoice=row, by=by, at=NOW).entry.name == "AC-000003"


def test_what_is_of_a_closed_period_is_reversed_on_the_first_open_day(company: Company, by: User):
    invoice = post_invoice(invoice=a_receipt(company), by=by, at=NOW)
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 8, 31))
    with pytest.raises(EntryFinal, match="période close"):
        unpost_invoice(invoice=invoice, by=by, at=NOW)
    _, reversal = reverse_invoice(invoice=invoice, by=by, at=NOW)
    assert reversal.posted_on == date(2019, 9, 1)


def test_suppliers_whose_names_begin_alike_have_their_own_numbers(company: Company, by: User):
    for name in ("Franprix", "Franprix Sud", "Orange"):
        post_invoice(invoice=a_receipt(company, name=name), by=by, at=NOW)
    post_invoice(invoice=a_receipt(company, reference="F-2"), by=by, at=NOW)
    numbers = Supplier.objects.filter(company=company).order_by("folded_name").values_list("ledger_code", flat=True)
    assert list(numbers) == ["401FRANP", "401FRANP2", "401ORANG"]
    assert company.third_parties.count() == 3


def test_publishing_takes_ten_queries_and_the_two_inserts_of_the_entry(company: Company, by: User):
    post_invoice(invoice=a_receipt(company), by=by, at=NOW)
    lines = [a_line(company, "5.76", "0.61", account=code) for code in ("60630000", "62570000", "62510000")]
    invoice = a_receipt(company, *lines, vat="1.83")
    with CaptureQueriesContext(connection) as counted:
        post_invoice(invoice=invoice, by=by, at=NOW)
    asked = [query["sql"] for query in counted.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 12, asked
