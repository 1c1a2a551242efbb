"""In a company in trésorerie a named difference goes against the bank; the charge and the VAT stay as received."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from achats.models import Kind, PurchaseInvoice
from banking.matches.by_hand import CannotMatch, match_by_hand
from banking.matches.deciding import undo_match
from banking.matches.settling import post_waiting
from banking.models import BankAccount, BankTransaction, GapKind, Match
from firms.models import User
from ledger.models import EntryLine, JournalEntry
from tests.achats.posting_rows import a_line, a_receipt, moves
from tests.banking.matches.test_settling import bank_of, cash_company
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory, BankTransactionFactory


@pytest.fixture
def account(db: None) -> BankAccount:
    return bank_of(cash_company())


def an_invoice(account: BankAccount, gross: str = "120.00", vat: str = "20.00", **fields: object) -> PurchaseInvoice:
    return a_receipt(account.company, a_line(account.company, gross, vat, code="TVA20"), vat=vat, **fields)


def paid(account: BankAccount, amount: str) -> BankTransaction:
    return BankTransactionFactory.create(account=account, amount=Decimal(amount), booked_on=date(2019, 8, 20))


def matched(by: User, gap: GapKind | None, line: BankTransaction, *invoices: PurchaseInvoice) -> list[Match]:
    ids = {"invoice_ids": [row.pk for row in invoices], "line_ids": [line.pk]}
    return match_by_hand(company=line.company, **ids, by=by, at=NOW, gap=gap)


def balances() -> dict[str, Decimal]:
    found: Counter[str] = Counter()
    for line in EntryLine.objects.select_related("account"):
        found[line.account.code] += line.debit - line.credit
    return {code: balance for code, balance in found.items() if balance}


@pytest.mark.parametrize(
    ("amount", "gap", "told"),
    [
        ("-123.54", GapKind.FEE, {"62780000": "3.54"}),
        ("-120.02", GapKind.DIFFERENCE, {"65800000": "0.02"}),
        ("-119.99", GapKind.DIFFERENCE, {"75800000": "-0.01"}),
        ("-117.60", GapKind.DISCOUNT, {"75800000": "0", "76500000": "-2.00", "44566000": "19.60"}),
    ],
)
def test_the_bank_moves_by_the_line_and_the_vat_by_what_was_received(account, by, amount, gap, told):
    line = paid(account, amount)
    (match,) = matched(by, gap, line, an_invoice(account))
    assert match.payment
    assert {code: debit for code, _, debit, _ in moves(match.payment.entry)}["44566000"] == "20.00"
    usual = {"60630000": "100.00", "44566000": "20.00", "51210000": amount}
    assert balances() == {code: Decimal(cents) for code, cents in (usual | told).items() if Decimal(cents)}
    assert match.gap_entry
    assert (match.gap_entry.journal.code, match.gap_entry.posted_on) == ("BQ", line.booked_on)


def test_undone_both_entries_go(account, by):
    (match,) = matched(by, GapKind.FEE, paid(account, "-123.54"), an_invoice(account))
    undo_match(match=Match.objects.get(pk=match.pk), by=by, at=NOW)
    assert not JournalEntry.objects.exists()


def test_of_several_purchases_each_takes_its_own_and_the_difference_stands_apart(account, by):
    invoices = [an_invoice(account), an_invoice(account, "60.00", "10.00", issued_on=date(2019, 8, 18))]
    matched(by, GapKind.FEE, paid(account, "-183.00"), *invoices)
    assert balances() == {
        code: Decimal(cents)
        for code, cents in {"60630000": "150", "44566000": "30", "62780000": "3", "51210000": "-183"}.items()
    }


def test_a_refund_of_less_than_its_credit_note_costs_the_rest(account, by):
    credit = an_invoice(account, kind=Kind.CREDIT_NOTE)
    matched(by, GapKind.DIFFERENCE, paid(account, "119.00"), credit)
    assert balances() == {
        code: Decimal(cents)
        for code, cents in {"60630000": "-100", "44566000": "-20", "65800000": "1", "51210000": "119"}.items()
    }


def test_what_the_bank_did_not_post_keeps_its_difference_open_and_says_why(account, by):
    elsewhere = BankAccountFactory.create(company=account.company)
    invoice = an_invoice(account)
    with pytest.raises(CannotMatch, match="classe 5"):
        matched(by, GapKind.FEE, paid(elsewhere, "-123.54"), invoice)
    assert not Match.objects.exists()
    assert not JournalEntry.objects.exists()


def test_the_worker_posts_no_second_time(account, by):
    matched(by, GapKind.FEE, paid(account, "-123.54"), an_invoice(account))
    post_waiting(company_id=account.company_id)
    assert JournalEntry.objects.count() == 2
