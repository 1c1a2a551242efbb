"""What MEG's accountant publishes to the books is told to Dext, and is no longer Dext's to change."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from achats.books.posting import post_invoice, reverse_invoice, unpost_invoice
from achats.changing.cancelling import cancel_invoice
from achats.changing.restoring import restore_invoice
from achats.models import PurchaseInvoice
from banking.matches.by_hand import match_by_hand
from banking.matches.deciding import undo_match
from dext_connector.models import Webhook
from dext_connector.webhooks.delivering import visit_webhook
from firms.feed import place_events
from firms.models import Company
from ledger.models import AccountingMode, Bookkeeping, FiscalYear
from ledger.validating import validate_entries
from tests.dext_connector.conftest import item
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.receiver import receiving

ADDRESS = "items/RB-88213/"


@pytest.fixture
def invoice(dext, company) -> PurchaseInvoice:
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    dext.publish(item())
    return PurchaseInvoice.objects.get()


def post(invoice: PurchaseInvoice) -> PurchaseInvoice:
    return post_invoice(invoice=invoice, by=None, at=timezone.now())


def kinds(dext) -> list[str]:
    told = dext.get("events/").json()["items"]
    return [event["kind"].removeprefix("purchase.") for event in told if event["external_id"] == "RB-88213"]


def test_the_feed_tells_that_it_is_posted_taken_back_and_reversed(dext, invoice, company):
    post(invoice)
    unpost_invoice(invoice=invoice, by=None, at=timezone.now())
    post(invoice)
    validate_entries(company=company, until=date(2019, 12, 31), by=dext.user, at=timezone.now())
    reverse_invoice(invoice=invoice, by=None, at=timezone.now())
    assert kinds(dext) == ["received", "posted", "unposted", "posted", "reversed"]


def test_in_tresorerie_the_feed_tells_what_its_match_posts_once_for_all_its_parts(dext, invoice, company):
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    books = Company.objects.get(pk=company.pk)
    account = BankAccountFactory.create(company=books, ledger_account=books.accounts.get(code="51210000"))
    half = invoice.gross_amount / 2
    made = []
    for amount in (half.quantize(Decimal("0.01")), invoice.gross_amount - half.quantize(Decimal("0.01"))):
        line = BankTransactionFactory.create(account=account, amount=-amount, booked_on=date(2019, 9, 26))
        made += match_by_hand(
            company=books, invoice_ids=[invoice.pk], line_ids=[line.pk], by=dext.user, at=timezone.now()
        )
    for match in made:
        undo_match(match=match, by=dext.user)
    told = [kind for kind in kinds(dext) if "posted" in kind]
    assert told == ["posted", "unposted"]


def test_a_webhook_is_called_when_it_is_posted(dext, invoice):
    with receiving() as receiver:
        place_events()
        webhook = dext.call("post", "webhooks/", {"url": receiver.url, "kinds": ["purchase.posted"]}).json()
        post(invoice)
        visit_webhook(webhook_id=Webhook.objects.get(pk=webhook["id"]).pk, clock=timezone.now, chance=lambda: 0.0)
        (call,) = receiver.calls
    told = json.loads(call.body)
    assert (told["kind"], told["external_id"], told["subject_id"]) == (
        "purchase.posted", "RB-88213", str(invoice.pk)
    )  # fmt: skip


def test_a_webhook_of_received_purchases_is_called_when_a_cancellation_is_taken_back(dext, invoice):
    with receiving() as receiver:
        cancel_invoice(invoice=invoice, by=dext.user, reason="", at=timezone.now())
        place_events()
        webhook = dext.call("post", "webhooks/", {"url": receiver.url, "kinds": ["purchase.received"]}).json()
        restore_invoice(invoice=invoice, by=dext.user, at=timezone.now())
        visit_webhook(webhook_id=Webhook.objects.get(pk=webhook["id"]).pk, clock=timezone.now, chance=lambda: 0.0)
        (call,) = receiver.calls
    told = json.loads(call.body)
    assert (told["kind"], told["subject_id"]) == ("purchase.received", str(invoice.pk))
    (delivery,) = dext.get(f"webhooks/{webhook['id']}/deliveries/").json()["items"]
    assert delivery["kind"] == "purchase.received"


def test_its_entry_is_that_of_what_dext_sent(dext, invoice):
    entry = post(invoice).entry
    assert entry.reference == "RB-88213"
    assert dict(entry.lines.values_list("account__code", "debit")) | {} == {
        "62570000": Decimal("4.41"), "44566000": Decimal("0.44"), "40110000": 0
    }  # fmt: skip


def test_dext_reads_it_as_posted_and_may_neither_change_nor_withdraw_it(dext, invoice):
    version = dext.get(dext.on_company(ADDRESS))["ETag"]
    post(invoice)
    read = dext.get(dext.on_company(ADDRESS))
    assert (read.json()["status"], read["ETag"] == version) == ("posted", False)
    again = {name: value for name, value in item(total="4.90").items() if name != "external_id"}
    for answer in (
        dext.call("put", dext.on_company(ADDRESS), again, headers={"If-Match": read["ETag"]}),
        dext.call("post", dext.on_company(ADDRESS + "cancellation/"), {"reason": "Doublon"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_editable")
        assert "comptabilisée" in answer.json()["message"]
    unpost_invoice(invoice=invoice, by=None, at=timezone.now())
    version = dext.get(dext.on_company(ADDRESS))["ETag"]
    answer = dext.call("put", dext.on_company(ADDRESS), again, headers={"If-Match": version})
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
