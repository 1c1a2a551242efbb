"""The entry that a purchase will be: accounts, sides, days, and what stands against it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.books.entry_planning import EntryPlan, accounts_of_entries, plan_entry
from achats.models import InvoiceLine, Kind, PurchaseInvoice, Status, Supplier
from firms.models import Company
from ledger.books import Books
from ledger.models import Account, AccountingMode, Bookkeeping, FiscalYear, VatCode, VatKind, VatRegime
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019

CODES = ("44566000", "44562000", "40110000", "40400000")
CHARGES = ("60630000", "62570000", "62510000")


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


def planned(invoice: PurchaseInvoice) -> EntryPlan:
    lines = list(invoice.lines.select_related("account", "vat_code").order_by("position"))
    company = invoice.company
    return plan_entry(invoice=invoice, lines=lines, books=Books.of(company), accounts=accounts_of_entries(company))


def moves(plan: EntryPlan) -> list[tuple[str, int]]:
    return [(line.account.code, line.cents) for line in plan.lines]


def codes(plan: EntryPlan) -> list[str]:
    return [reason.code for reason in plan.reasons]


def test_charge_deductible_vat_and_supplier(company: Company):
    plan = planned(a_receipt(company))
    assert moves(plan) == [("60630000", 515), ("44566000", 61), ("40110000", -576)]
    assert (plan.lines[-1].third_party, plan.posted_on, plan.debit) == ("401FRANP", date(2019, 8, 19), Decimal("5.76"))
    assert codes(plan) == []


def test_a_credit_note_is_the_mirror(company: Company):
    plan = planned(a_receipt(company, kind=Kind.CREDIT_NOTE))
    assert moves(plan) == [("60630000", -515), ("44566000", -61), ("40110000", 576)]
    assert plan.label == "Avoir Franprix"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CARB80", [("60630000", 1040), ("44566000", 160), ("40110000", -1200)]),
        ("ND20", [("60630000", 1200), ("40110000", -1200)]),
        ("SANS", [("60630000", 1200), ("40110000", -1200)]),
    ],
)
def test_what_is_not_deducted_joins_the_charge(company: Company, code: str, expected: list):
    invoice = a_receipt(company, a_line(company, "12.00", "2.00", code=code), vat="2.00")
    assert moves(planned(invoice)) == expected


def test_a_company_in_franchise_deducts_none(company: Company):
    Bookkeeping.objects.filter(company=company).update(vat_regime=VatRegime.EXEMPT)
    assert moves(planned(a_receipt(company))) == [("60630000", 576), ("40110000", -576)]


def test_lines_of_one_account_are_one_movement(company: Company):
    lines = [
        a_line(company, "3.06", "0.16", code="TVA5_5"),
        a_line(company, "2.70", "0.45", code="TVA20"),
        a_line(company, "4.00", "0.00", code="EXO", account="62570000"),
    ]
    assert moves(planned(a_receipt(company, *lines))) == [
        ("60630000", 515), ("62570000", 400), ("44566000", 61), ("40110000", -976)
    ]  # fmt: skip


def test_the_vat_of_the_document_is_shared_by_the_rates_of_the_lines(company: Company):
    lines = [a_line(company, "12.00", None, code="TVA20"), a_line(company, "11.00", None, code="ND10")]
    plan = planned(a_receipt(company, *lines, vat="3.00"))
    assert moves(plan) == [("60630000", 2100), ("44566000", 200), ("40110000", -2300)]


def test_an_asset_goes_to_its_own_vat_and_supplier(company: Company):
    asset = company.accounts.filter(code__startswith="218", is_purchase_allowed=True).first()
    assert asset
    invoice = a_receipt(company, a_line(company, "1200.00", "200.00", account=asset.code, code="TVA20"), vat="200.00")
    assert moves(planned(invoice)) == [(asset.code, 100_000), ("44562000", 20_000), ("40400000", -120_000)]


def test_another_currency_is_written_in_the_base_total_received(company: Company):
    invoice = a_receipt(company, currency="USD", base_currency="EUR", base_gross_amount=Decimal("5.03"))
    assert moves(planned(invoice)) == [("60630000", 450), ("44566000", 53), ("40110000", -503)]


def test_a_closed_day_goes_to_the_first_open_one(company: Company):
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 8, 31))
    assert planned(a_receipt(company)).posted_on == date(2019, 9, 1)


@pytest.mark.parametrize("code", ["AL20", "UE20", "IMP20"])
def test_what_needs_more_than_that_stays_not_ready_and_says_so(company: Company, code: str):
    invoice = a_receipt(company, a_line(company, "12.00", "0.00", code=code), vat="0.00")
    assert invoice.status == Status.NOT_READY
    assert [reason["code"] for reason in invoice.reasons] == ["entry_not_supported"]
    assert "entry_not_supported" in codes(planned(invoice))


def test_each_cause_is_said(company: Company):
    assert codes(planned(a_receipt(company, issued_on=date(2017, 1, 1)))) == ["no_fiscal_year"]
    assert codes(planned(a_receipt(company, a_line(company, "5.76", "0.61", code=None)))) == ["vat_code_missing"]
    assert codes(planned(a_receipt(company, gross_amount=Decimal("6.00")))) == ["lines_differ"]
    assert codes(planned(a_receipt(company, a_line(company, "5.76", "0.50")))) == ["lines_differ"]
    assert codes(planned(a_receipt(company, a_line(company, "0.00", "0.00"), vat="0.00"))) == ["nothing_to_post"]
    assert codes(planned(a_receipt(company, currency="USD"))) == ["base_amount_missing"]
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    assert planned(a_receipt(company)).awaits_settlement


def test_an_account_that_was_archived_since_is_seen(company: Company):
    invoice = a_receipt(company)
    company.accounts.filter(code="60630000").update(is_active=False)
    assert codes(planned(invoice)) == ["account_archived"]


money = st.integers(0, 10**8)
KINDS = [
    (VatKind.DEDUCTIBLE, 20, 100), (VatKind.DEDUCTIBLE, None, 100), (VatKind.DEDUCTIBLE, 20, 80),
    (VatKind.DEDUCTIBLE, 2.1, 33), (VatKind.NON_DEDUCTIBLE, 10, 0), (VatKind.EXEMPT, 0, 0), (VatKind.NONE, None, 0),
]  # fmt: skip
OWNER = Company(id=uuid4(), currency="EUR")
YEAR = FiscalYear(company=OWNER, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
ACCOUNTS = {code: Account(id=uuid4(), company=OWNER, code=code) for code in CODES + CHARGES}
VAT_CODES = [
    VatCode(id=uuid4(), company=OWNER, kind=kind, rate=None if rate is None else Decimal(str(rate)), label=kind)
    for kind, rate, _ in KINDS
]
for vat_code, (_, _, percent) in zip(VAT_CODES, KINDS, strict=True):
    vat_code.deductible_percent = percent


@st.composite
def purchases(draw) -> tuple[PurchaseInvoice, list[InvoiceLine]]:
    """Any kind, any split: each line has a VAT of its own or none, the document has their sum or more."""
    said = draw(st.lists(st.tuples(money, st.integers(0, 100), st.booleans()), min_size=1, max_size=8))
    lines, least, total = [], 0, 0
    for position, (gross, share, is_said) in enumerate(said, start=1):
        vat = gross * share // 100
        least, total = least + (vat if is_said else 0), total + gross
        line = InvoiceLine(position=position, gross_amount=Decimal(gross).scaleb(-2))
        line.account = ACCOUNTS[draw(st.sampled_from(CHARGES))]
        line.vat_code = draw(st.sampled_from(VAT_CODES))
        line.vat_amount = Decimal(vat).scaleb(-2) if is_said else None
        lines.append(line)
    are_silent = any(line.vat_amount is None for line in lines)
    vat = draw(st.integers(least, total)) if are_silent else least
    invoice = PurchaseInvoice(
        company=OWNER, currency="EUR", issued_on=date(2019, 8, 19), kind=draw(st.sampled_from(Kind))
    )
    invoice.supplier = Supplier(id=uuid4(), company=OWNER, name="Franprix")
    invoice.gross_amount, invoice.vat_amount = Decimal(total).scaleb(-2), Decimal(vat).scaleb(-2)
    return invoice, lines


@given(purchases(), st.sampled_from(VatRegime))
def test_any_split_balances_and_keeps_the_total_and_the_vat_received(purchase, regime):
    invoice, lines = purchase
    books = Books(OWNER, Bookkeeping(company=OWNER, vat_regime=regime), (YEAR,))
    plan = plan_entry(invoice=invoice, lines=lines, books=books, accounts=ACCOUNTS)
    moved = {code: sum(line.cents for line in plan.lines if line.account.code == code) for code in CODES + CHARGES}
    gross, vat = (int(amount * 100) for amount in (invoice.gross_amount, invoice.vat_amount))
    assert plan.debit == plan.credit
    assert moved["40110000"] == -invoice.sign * gross
    deducted, charged = invoice.sign * moved["44566000"], invoice.sign * sum(moved[code] for code in CHARGES)
    not_deducted = charged - (gross - vat)
    assert deducted + not_deducted == vat
    assert 0 <= deducted <= vat
    assert deducted == 0 or regime != VatRegime.EXEMPT
