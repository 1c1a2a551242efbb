"""A purchase in another currency, paid by a line in the company's: whole and by hand, the difference as exchange."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from achats.models import PurchaseInvoice, Settlement
from banking.matches.by_hand import CannotMatch
from banking.matches.deciding import undo_match
from banking.matches.exchange import due_cents, own_cents
from banking.models import BankAccount, BankTransaction, GapKind, Match
from firms.models import Company, User
from ledger.models import AccountingMode, Bookkeeping, JournalEntry
from tests.achats.posting_rows import a_line, a_receipt, moves, open_company_of_2019
from tests.banking.bank_pages import HTMX, address
from tests.banking.matches.test_gaps import an_invoice, matched, open_cents, paid
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


def in_dollars(company: Company, gross: str = "120.00", base: str | None = "100.00", **fields: object):
    """A purchase in dollars whose entry owes its supplier `base` euros."""
    told = {"base_currency": "EUR", "base_gross_amount": Decimal(base)} if base else {}
    line = a_line(company, gross, "0.00")
    return a_receipt(company, line, **{"vat": "0.00", "currency": "USD", **told, **fields})


@pytest.mark.parametrize(
    ("amount", "entry"),
    [
        ("-103.20", [("65600000", "", "3.20", ""), ("40110000", "401FRANP", "", "3.20")]),
        ("-97.50", [("75600000", "", "", "2.50"), ("40110000", "401FRANP", "2.50", "")]),
    ],
)
def test_what_was_paid_beyond_what_was_posted_or_short_of_it_is_the_exchange(
    company: Company, account: BankAccount, by: User, amount: str, entry: list
) -> None:
    invoice, line = in_dollars(company), paid(account, amount)
    (match,) = matched([invoice], [line], by, GapKind.EXCHANGE)
    assert open_cents(invoice, line) == (0, 0)
    assert invoice.settlement == Settlement.SETTLED
    cents = int(-Decimal(amount) * 100)
    assert (match.amount_cents, match.invoice_cents, match.base_cents) == (cents, 12_000, 10_000)
    assert moves(match.gap_entry) == entry


def test_paid_at_the_rate_of_the_document_there_is_no_exchange(company: Company, account: BankAccount, by: User):
    invoice, line = in_dollars(company), paid(account, "-100.00")
    (match,) = matched([invoice], [line], by, None)
    assert open_cents(invoice, line) == (0, 0)
    assert match.gap_entry is None


def test_undone_both_sides_are_open_again_each_in_its_currency(company: Company, account: BankAccount, by: User):
    invoice, line = in_dollars(company), paid(account, "-103.20")
    (match,) = matched([invoice], [line], by, GapKind.EXCHANGE)
    undo_match(match=match, by=by, at=NOW)
    assert open_cents(invoice, line) == (12_000, 10_320)
    assert not JournalEntry.objects.exists()


def test_it_is_never_paid_in_part_for_nobody_knows_how_much_was_bought(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, line = in_dollars(company), paid(account, "-60.00")
    with pytest.raises(CannotMatch, match="elle se règle en entier"):
        matched([invoice], [line], by, None)
    assert open_cents(invoice, line) == (12_000, 6_000)


def test_what_the_line_has_beyond_it_may_stay_open(company: Company, account: BankAccount, by: User) -> None:
    invoice, line = in_dollars(company), paid(account, "-103.20")
    matched([invoice], [line], by, None)
    assert open_cents(invoice, line) == (0, 320)


def test_several_lines_pay_it_together_and_a_purchase_in_euros_goes_with_it(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, own = in_dollars(company), an_invoice(company, issued_on=date(2019, 8, 21))
    lines = [paid(account, "-60.00"), paid(account, "-161.00")]
    rows = matched([invoice, own], lines, by, GapKind.EXCHANGE)
    assert [open_cents(row, lines[1]) for row in (invoice, own)] == [(0, 0), (0, 0)]
    dollars = [row for row in rows if row.invoice_id == invoice.pk]
    assert sum(row.settles_cents for row in dollars) == 12_000
    assert [row.gap_cents for row in rows if row.gap_kind] == [100]
    assert next(row for row in rows if row.gap_kind).invoice_id == invoice.pk


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"base": None}, "sans total en EUR"),
        ({"base_currency": "CHF"}, "sans total en EUR"),
    ],
)
def test_without_a_total_in_the_currency_of_the_books_it_is_told(
    company: Company, account: BankAccount, by: User, fields: dict, told: str
) -> None:
    with pytest.raises(CannotMatch, match=told):
        matched([in_dollars(company, **fields)], [paid(account, "-103.20")], by, GapKind.EXCHANGE)
    assert not Match.objects.exists()


@pytest.mark.parametrize(
    ("amount", "shares"),
    [("-154.50", [10_300, 5_150]), ("-145.00", [9_667, 4_833]), ("-150.01", [10_001, 5_000])],
)
def test_several_paid_at_once_each_bear_their_part_against_their_own_supplier(
    company: Company, account: BankAccount, by: User, amount: str, shares: list[int]
) -> None:
    invoices = [in_dollars(company), in_dollars(company, "60.00", "50.00", name="Zendesk", issued_on=date(2019, 8, 20))]
    line = paid(account, amount)
    rows = matched(invoices, [line], by, GapKind.EXCHANGE)
    assert [open_cents(invoice, line) for invoice in invoices] == [(0, 0), (0, 0)]
    assert [(row.amount_cents, row.invoice_cents, row.base_cents) for row in rows] == [
        (shares[0], 12_000, 10_000),
        (shares[1], 6_000, 5_000),
    ]
    parties = [moves(row.gap_entry)[1][1] if row.gap_entry else "" for row in rows]
    assert parties == ["401FRANP", "401ZENDE" if shares[1] != 5_000 else ""]


def test_one_payment_has_one_rate_whatever_the_rates_of_the_documents(
    company: Company, account: BankAccount, by: User
) -> None:
    """100,00 $ for 90,00 € and 100,00 $ for 95,00 €, both for 92,00 €: a loss, and a gain."""
    invoices = [in_dollars(company, "100.00", "90.00"), in_dollars(company, "100.00", "95.00", reference="F2")]
    rows = matched(invoices, [paid(account, "-184.00")], by, GapKind.EXCHANGE)
    assert sorted(row.gap_cents for row in rows) == [-300, 200]
    codes = {moves(row.gap_entry)[0][0] for row in rows}
    assert codes == {"65600000", "75600000"}


def test_an_exchange_is_of_one_currency(company: Company, account: BankAccount, by: User) -> None:
    invoices = [in_dollars(company), in_dollars(company, "60.00", "50.00", currency="CHF", reference="F2")]
    with pytest.raises(CannotMatch, match=r"une devise à la fois\.$"):
        matched(invoices, [paid(account, "-151.00")], by, GapKind.EXCHANGE)


def test_an_exchange_is_only_of_another_currency(company: Company, account: BankAccount, by: User) -> None:
    with pytest.raises(CannotMatch, match="ne peut pas expliquer"):
        matched([an_invoice(company)], [paid(account, "-121.00")], by, GapKind.EXCHANGE)
    dollars = BankAccountFactory.create(company=company, currency="USD")
    with pytest.raises(CannotMatch, match="Le compte bancaire est en USD"):
        matched([an_invoice(company)], [paid(dollars, "-121.00")], by, None)
    with pytest.raises(CannotMatch, match="passez cet écart à la main"):
        matched([in_dollars(company)], [paid(dollars, "-121.00")], by, GapKind.FEE)


def test_in_tresorerie_it_costs_what_was_paid(company: Company, account: BankAccount, by: User) -> None:
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    invoice, line = in_dollars(company), paid(BankAccount.objects.get(pk=account.pk), "-103.20")
    (match,) = matched([invoice], [line], by, None)
    assert open_cents(invoice, line) == (0, 0)
    assert (match.amount_cents, match.invoice_cents, match.gap_entry) == (10_320, 12_000, None)


def test_the_database_knows_no_exchange_without_what_was_posted(
    company: Company, account: BankAccount, by: User
) -> None:
    (match,) = matched([in_dollars(company)], [paid(account, "-103.20")], by, GapKind.EXCHANGE)
    for fields in ({"base_cents": None}, {"base_cents": 0}, {"invoice_cents": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.filter(pk=match.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseInvoice.objects.filter(pk=match.invoice_id).update(settled_cents=12_001)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.lists(st.integers(1, 10**7), min_size=1, max_size=4))
def test_all_parts_of_a_document_make_its_total_in_the_books_to_the_cent(gross: int, base: int, parts: list[int]):
    invoice = PurchaseInvoice(
        pk=uuid4(),
        currency="USD",
        gross_amount=Decimal(gross).scaleb(-2),
        base_gross_amount=Decimal(base).scaleb(-2),
        settled_cents=0,
    )
    total, dues = 0, []
    for part in parts:
        dues.append(due_cents(invoice, "EUR") or 0)
        part = min(part, gross - invoice.settled_cents)
        invoice.settled_cents += part
        total += part
    invoice.settled_cents = gross
    assert due_cents(invoice, "EUR") == 0
    assert dues[0] == base
    assert dues == sorted(dues, reverse=True)
    invoice.settled_cents = 0
    line = BankTransaction(pk=uuid4(), amount=-Decimal(base).scaleb(-2))
    half = base // 2
    shares = [(invoice, line, cents, cents) for cents in (half, base - half)]
    own = own_cents(shares, {invoice: base}, "EUR")
    assert sum(cents for cents, _ in own) == gross
    assert [part for _, part in own] == [half, base - half]


def test_the_search_offers_it_for_its_total_in_euros_with_the_exchange(
    client: Client, company: Company, account: BankAccount, by: User
) -> None:
    client.force_login(by)
    invoice, line = in_dollars(company), paid(account, "-103.20")
    lacking = in_dollars(company, "55.00", None, name="Sans base")
    html = client.get(address(company, "review_search", line.pk), headers=HTMX).content.decode()
    assert 'data-cents="10000" data-foreign' in html
    assert "120,00\u00a0$" in html
    assert "Écart de change (65600000)" in html
    assert "Écart de change (75600000)" in html
    assert "Donner à cette facture son total en EUR" in html
    assert str(lacking.pk) in html
    data = {"facture": str(invoice.pk), "ecart": "exchange"}
    html = client.post(address(company, "review_match", line.pk), data, headers=HTMX).content.decode()
    assert "Écart de change\u00a0: 3,20\u00a0€, écriture OD-" in html


def test_the_search_of_euros_alone_knows_no_exchange(
    client: Client, company: Company, account: BankAccount, by: User
) -> None:
    client.force_login(by)
    an_invoice(company)
    html = client.get(address(company, "review_search", paid(account, "-121.00").pk), headers=HTMX).content.decode()
    assert "Frais bancaires" in html
    assert "change" not in html.partition("gap-kinds")[2]
