"""The entry of a payment in a company in trésorerie: shares to the cent, and what stands against it."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from achats.books.entry_planning import EntryPlan
from achats.books.payment_planning import Payment, plan_payment
from achats.books.payment_posting import planned_payment
from achats.models import Kind, PurchaseInvoice, Status
from firms.models import Company
from ledger.books import Books
from ledger.models import Account, AccountingMode, Bookkeeping, FiscalYear
from tests.achats.books.test_entry_planning import ACCOUNTS, OWNER, YEAR, purchases
from tests.achats.books.test_entry_planning import planned as planned_alone
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019

BANK = Account(id=uuid4(), company=OWNER, code="51210000")
CASH_BOOKS = Books(OWNER, Bookkeeping(company=OWNER, accounting_mode=AccountingMode.CASH), (YEAR,))
ALL_ACCOUNTS = ACCOUNTS | {code: Account(id=uuid4(), company=OWNER, code=code) for code in ("51200000", "53000000")}


@pytest.fixture
def company(db: None) -> Company:
    company = open_company_of_2019()
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    return company


def paying(company: Company, cents: int, **fields) -> Payment:
    usual = {"bank": company.accounts.get(code="51210000"), "bank_name": "Compte courant", "currency": "EUR"}
    return Payment(**usual | {"cents": cents, "bank_cents": cents, "paid_on": date(2019, 9, 26)} | fields)


def planned(invoice: PurchaseInvoice, payment: Payment) -> EntryPlan:
    return planned_payment(invoice, payment, Books.of(invoice.company))


def moves(plan: EntryPlan) -> list[tuple[str, int]]:
    return [(line.account.code, line.cents) for line in plan.lines]


def codes(plan: EntryPlan) -> list[str]:
    return [reason.code for reason in plan.reasons]


def test_charge_and_vat_against_the_bank_on_the_day_of_the_payment(company: Company):
    plan = planned(a_receipt(company), paying(company, 576))
    assert moves(plan) == [("60630000", 515), ("44566000", 61), ("51210000", -576)]
    assert (plan.posted_on, plan.journal_code, codes(plan)) == (date(2019, 9, 26), "BQ", [])


def test_a_part_takes_its_share_of_charge_and_vat(company: Company):
    plan = planned(a_receipt(company), paying(company, 288))
    assert moves(plan) == [("60630000", 258), ("44566000", 30), ("51210000", -288)]


def test_a_refund_is_the_mirror(company: Company):
    plan = planned(a_receipt(company, kind=Kind.CREDIT_NOTE), paying(company, 576))
    assert moves(plan) == [("60630000", -515), ("44566000", -61), ("51210000", 576)]


def test_what_the_bank_paid_of_another_currency_is_shared_out(company: Company):
    dollars = {"currency": "USD", "base_currency": "EUR", "base_gross_amount": Decimal("5.03")}
    plan = planned(a_receipt(company, **dollars), paying(company, 576, bank_cents=511))
    assert moves(plan) == [("60630000", 457), ("44566000", 54), ("51210000", -511)]
    part = planned(a_receipt(company, **dollars), paying(company, 300, bank_cents=260))
    assert codes(part) == ["part_in_another_currency"]


def test_a_payment_in_a_closed_period_goes_to_the_first_open_day(company: Company):
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 9, 30))
    assert planned(a_receipt(company), paying(company, 576)).posted_on == date(2019, 10, 1)


def test_each_obstacle_is_said(company: Company):
    receipt = a_receipt(company)
    assert codes(planned(receipt, paying(company, 576, bank=None))) == ["bank_account_missing"]
    charge = company.accounts.get(code="60630000")
    assert codes(planned(receipt, paying(company, 576, bank=charge))) == ["bank_account_missing"]
    assert codes(planned(receipt, paying(company, 576, currency="CHF"))) == ["bank_in_another_currency"]
    assert codes(planned(receipt, paying(company, 577))) == ["nothing_left"]
    assert codes(planned(receipt, paying(company, 576, paid_on=date(2021, 1, 4)))) == ["no_fiscal_year"]
    due = a_receipt(company, a_line(company, "12.00", "0.00", code="AL20"), vat="0.00")
    assert "entry_not_supported" in codes(planned(due, paying(company, 1200)))


@pytest.mark.parametrize(
    ("account", "code", "expected"),
    [
        ("60630000", "TVAMULTI", ["vat_time_barred"]),
        ("21830000", "TVAMULTI", ["vat_time_barred"]),
        ("60400000", "TVAMULTI", []),
        ("62570000", "TVAMULTI", []),
        ("60630000", "ND20", []),
    ],
)
def test_vat_on_goods_is_not_deducted_after_the_second_year(
    company: Company, account: str, code: str, expected: list[str]
):
    FiscalYear.objects.create(company=company, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    invoice = a_receipt(company, a_line(company, "5.76", "0.61", account=account, code=code))
    assert codes(planned(invoice, paying(company, 576, paid_on=date(2022, 1, 3)))) == expected
    assert codes(planned(invoice, paying(company, 576, paid_on=date(2019, 12, 31)))) == []


def test_before_it_is_paid_the_purchase_waits_with_its_entry_shown(company: Company):
    plan = planned_alone(a_receipt(company, issued_on=date(2017, 1, 1)))
    assert moves(plan) == [("60630000", 515), ("44566000", 61), ("51200000", -576)]
    assert plan.awaits_settlement
    assert a_receipt(company).status == Status.READY


def of_owner(invoice: PurchaseInvoice, lines: list, cents: int, posted: dict) -> EntryPlan:
    payment = Payment(bank=BANK, bank_name="", currency="EUR", cents=cents, bank_cents=cents, paid_on=date(2019, 9, 1))
    return plan_payment(
        invoice=invoice, lines=lines, books=CASH_BOOKS, accounts=ALL_ACCOUNTS, payment=payment, posted=posted
    )


@given(purchases(), st.lists(st.integers(1, 99), max_size=5))
def test_whatever_the_parts_they_sum_to_the_purchase_to_the_cent(purchase, percents):
    invoice, lines = purchase
    total, paid, moved = int(invoice.gross_amount * 100), 0, dict[UUID, int]()
    whole = of_owner(invoice, lines, total, {})
    assume(all(line.cents * invoice.sign > 0 for line in whole.moves))
    for percent in [*percents, 100]:
        if not (cents := -(-(total - paid) * percent // 100)):
            break
        plan = of_owner(invoice, lines, cents, dict(moved))
        assert not plan.reasons
        assert plan.debit == plan.credit == Decimal(cents).scaleb(-2)
        assert all(line.cents * invoice.sign > 0 for line in plan.moves)
        for line in plan.moves:
            moved[line.account.pk] = moved.get(line.account.pk, 0) + line.cents
        paid += cents
    assert moved == {line.account.pk: line.cents for line in whole.moves}


def test_what_a_discount_line_deducts_is_paid_whole_or_by_hand(company: Company):
    lines = (a_line(company, "12.00", "2.00"), a_line(company, "-2.40", "-0.40", account="62570000"))
    invoice = a_receipt(company, *lines, vat="1.60")
    whole = [("60630000", 1000), ("62570000", -200), ("44566000", 160), ("51210000", -960)]
    assert moves(planned(invoice, paying(company, 960))) == whole
    assert codes(planned(invoice, paying(company, 500))) == ["part_of_both_signs"]
