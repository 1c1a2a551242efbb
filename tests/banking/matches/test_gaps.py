"""A payment that differs from what it pays: a person names the difference, which is posted and closes both sides."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.models import Kind, PurchaseInvoice, Settlement
from banking.matches.by_hand import CannotMatch, match_by_hand, shares_of
from banking.matches.deciding import MatchChanged, undo_match
from banking.matches.gaps import GapStays, bear_gap, kinds_of, share_gap
from banking.models import BankAccount, BankTransaction, GapKind, Match
from firms.models import Company, User
from ledger.models import Bookkeeping, JournalEntry
from ledger.validating import validate_entries
from tests.achats.posting_rows import a_line, a_receipt, moves, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory, BankTransactionFactory


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


def an_invoice(company: Company, gross: str = "120.00", vat: str = "20.00", **fields: object) -> PurchaseInvoice:
    return a_receipt(company, a_line(company, gross, vat, code="TVA20"), vat=vat, **fields)


def paid(account: BankAccount, amount: str) -> BankTransaction:
    return BankTransactionFactory.create(account=account, amount=Decimal(amount), booked_on=date(2019, 8, 20))


def matched(
    invoices: Sequence[PurchaseInvoice], lines: Sequence[BankTransaction], by: User, gap: GapKind | None
) -> list[Match]:
    ids = {"invoice_ids": [row.pk for row in invoices], "line_ids": [row.pk for row in lines]}
    return match_by_hand(company=lines[0].company, **ids, by=by, at=NOW, gap=gap)


def open_cents(invoice: PurchaseInvoice, line: BankTransaction) -> tuple[int, int]:
    invoice.refresh_from_db()
    line.refresh_from_db()
    return int(invoice.gross_amount * 100) - invoice.settled_cents, int(-line.amount * 100) - line.allocated_cents


@pytest.mark.parametrize(
    ("amount", "gap", "entry"),
    [
        ("-123.54", GapKind.FEE, [("62780000", "", "3.54", ""), ("40110000", "401FRANP", "", "3.54")]),
        ("-120.02", GapKind.DIFFERENCE, [("65800000", "", "0.02", ""), ("40110000", "401FRANP", "", "0.02")]),
        ("-119.99", GapKind.DIFFERENCE, [("75800000", "", "", "0.01"), ("40110000", "401FRANP", "0.01", "")]),
        (
            "-117.60",
            GapKind.DISCOUNT,
            [("76500000", "", "", "2.00"), ("44566000", "", "", "0.40"), ("40110000", "401FRANP", "2.40", "")],
        ),
    ],
)
def test_a_difference_that_was_named_is_posted_and_closes_both_sides(
    company: Company, account: BankAccount, by: User, amount: str, gap: GapKind, entry: list
) -> None:
    invoice, line = an_invoice(company), paid(account, amount)
    (match,) = matched([invoice], [line], by, gap)
    assert open_cents(invoice, line) == (0, 0)
    assert invoice.settlement == Settlement.SETTLED
    assert moves(match.gap_entry) == entry
    assert match.gap_entry
    assert (match.gap_entry.journal.code, match.gap_entry.posted_on) == ("OD", date(2019, 8, 20))


def test_a_difference_that_was_not_named_stays_open(company: Company, account: BankAccount, by: User) -> None:
    invoice, line = an_invoice(company), paid(account, "-123.54")
    (match,) = matched([invoice], [line], by, None)
    assert open_cents(invoice, line) == (0, 354)
    assert match.gap_entry is None
    assert not JournalEntry.objects.exists()


def test_of_several_the_last_one_bears_the_difference(company: Company, account: BankAccount, by: User) -> None:
    invoices = [an_invoice(company), an_invoice(company, "60.00", "10.00", issued_on=date(2019, 8, 18))]
    line = paid(account, "-183.00")
    rows = matched(invoices, [line], by, GapKind.FEE)
    assert [row.gap_kind for row in rows] == ["", GapKind.FEE]
    assert [open_cents(invoice, line) for invoice in invoices] == [(0, 0), (0, 0)]
    assert JournalEntry.objects.count() == 1


def test_undone_its_entry_goes_with_it_and_both_sides_are_open_again(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, line = an_invoice(company), paid(account, "-117.60")
    (match,) = matched([invoice], [line], by, GapKind.DISCOUNT)
    undo_match(match=match, by=by, at=NOW)
    assert open_cents(invoice, line) == (12_000, 11_760)
    assert not JournalEntry.objects.exists()


def test_undone_once_its_entry_is_final_the_contrary_is_written(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, line = an_invoice(company), paid(account, "-117.60")
    (match,) = matched([invoice], [line], by, GapKind.DISCOUNT)
    validate_entries(company=company, until=date(2019, 12, 31), by=by, at=NOW)
    undo_match(match=match, by=by, at=NOW)
    first, contrary = JournalEntry.objects.order_by("pk")
    assert contrary.reverses == first
    assert moves(contrary)[0] == ("76500000", "", "2.00", "")


@pytest.mark.parametrize(
    ("amount", "gap", "told"),
    [
        ("-123.54", GapKind.DISCOUNT, "« Escompte obtenu » ne peut pas expliquer cet écart."),
        ("-110.00", GapKind.FEE, "« Frais bancaires » ne peut pas expliquer cet écart."),
        ("-120.00", GapKind.FEE, "Il n’y a pas d’écart"),
    ],
)
def test_what_cannot_be_the_difference_is_refused_and_nothing_is_written(
    company: Company, account: BankAccount, by: User, amount: str, gap: GapKind, told: str
) -> None:
    invoice, line = an_invoice(company), paid(account, amount)
    with pytest.raises(CannotMatch, match=told):
        matched([invoice], [line], by, gap)
    assert not Match.objects.exists()
    assert open_cents(invoice, line)[0] == 12_000


def test_a_difference_over_several_lines_is_borne_once_by_each_purchase(
    company: Company, account: BankAccount, by: User
) -> None:
    invoices = [an_invoice(company), an_invoice(company, "60.00", "10.00", issued_on=date(2019, 8, 18))]
    lines = [paid(account, "-100.00"), paid(account, "-76.00"), paid(account, "-0.40")]
    rows = matched(invoices, lines, by, GapKind.DISCOUNT)
    assert {open_cents(invoice, line) for invoice in invoices for line in lines} == {(0, 0)}
    assert sorted(row.gap_cents for row in rows if row.gap_kind) == [-240, -120]
    assert JournalEntry.objects.count() == 2


def test_a_discount_of_several_takes_of_each_its_own_vat(company: Company, account: BankAccount, by: User) -> None:
    """2 % of 1 000,00 €, of 1 000,00 € and of 12,00 €: more than the last one asks for."""
    invoices = [
        an_invoice(company, "1000.00", "166.67", issued_on=date(2019, 8, 17)),
        a_receipt(company, a_line(company, "1000.00", "0.00"), vat="0.00", name="Lidl", issued_on=date(2019, 8, 18)),
        an_invoice(company, "12.00", "2.00", reference="F3"),
    ]
    rows = matched(invoices, [paid(account, "-1971.76")], by, GapKind.DISCOUNT)
    assert [moves(row.gap_entry) for row in rows] == [
        [("76500000", "", "", "16.67"), ("44566000", "", "", "3.33"), ("40110000", "401FRANP", "20.00", "")],
        [("76500000", "", "", "20.00"), ("40110000", "401LIDL", "20.00", "")],
        [("76500000", "", "", "0.20"), ("44566000", "", "", "0.04"), ("40110000", "401FRANP", "0.24", "")],
    ]
    assert {invoice.settlement for invoice in PurchaseInvoice.objects.all()} == {Settlement.SETTLED}


def test_what_no_purchase_can_bear_is_refused(company: Company, account: BankAccount, by: User) -> None:
    invoices = [an_invoice(company), an_invoice(company, "1.00", "0.17", issued_on=date(2019, 8, 20))]
    with pytest.raises(CannotMatch, match="dépasse ce qu’une de ces factures attend"):
        matched(invoices, [paid(account, "-119.00")], by, GapKind.DIFFERENCE)


@pytest.mark.parametrize(
    ("amount", "gap", "entry"),
    [
        ("119.00", GapKind.DIFFERENCE, [("65800000", "", "1.00", ""), ("40110000", "401FRANP", "", "1.00")]),
        ("116.50", GapKind.FEE, [("62780000", "", "3.50", ""), ("40110000", "401FRANP", "", "3.50")]),
        ("121.00", GapKind.DIFFERENCE, [("75800000", "", "", "1.00"), ("40110000", "401FRANP", "1.00", "")]),
    ],
)
def test_the_difference_of_a_refund_costs_where_less_came_back_and_brings_where_more_did(
    company: Company, account: BankAccount, by: User, amount: str, gap: GapKind, entry: list
) -> None:
    credit, line = an_invoice(company, kind=Kind.CREDIT_NOTE), paid(account, amount)
    (match,) = matched([credit], [line], by, gap)
    assert moves(match.gap_entry) == entry
    line.refresh_from_db()
    assert line.allocated_cents == int(line.amount * 100)
    undo_match(match=match, by=by, at=NOW)
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(("amount", "gap"), [("117.60", GapKind.DISCOUNT), ("121.00", GapKind.FEE)])
def test_a_refund_is_no_discount_and_costs_no_fee_where_more_came_back(
    company: Company, account: BankAccount, by: User, amount: str, gap: GapKind
) -> None:
    with pytest.raises(CannotMatch, match="ne peut pas expliquer cet écart"):
        matched([an_invoice(company, kind=Kind.CREDIT_NOTE)], [paid(account, amount)], by, gap)


def test_a_purchase_without_its_accounts_keeps_it_open(company: Company, account: BankAccount, by: User) -> None:
    line = paid(account, "-123.54")
    unready = a_receipt(company, a_line(company, "120.00", "20.00", code="TVA20"), vat="20.00")
    unready.lines.update(account=None)
    with pytest.raises(CannotMatch, match="comptes"):
        matched([unready], [line], by, GapKind.FEE)
    assert not Match.objects.exists()


def test_no_open_year_for_its_entry_is_told(company: Company, account: BankAccount, by: User) -> None:
    line = BankTransactionFactory.create(account=account, amount=Decimal("-121.00"), booked_on=date(2001, 1, 2))
    with pytest.raises(CannotMatch, match="Aucun exercice"):
        matched([an_invoice(company)], [line], by, GapKind.FEE)


def test_a_year_closed_since_forbids_to_undo(company: Company, account: BankAccount, by: User) -> None:
    (match,) = matched([an_invoice(company)], [paid(account, "-121.00")], by, GapKind.FEE)
    Bookkeeping.objects.filter(company=company).update(locked_until=date(2019, 12, 31))
    company.fiscal_years.exclude(starts_on=date(2019, 1, 1)).delete()
    with pytest.raises(MatchChanged, match="Aucun exercice"):
        undo_match(match=Match.objects.get(pk=match.pk), by=by, at=NOW)
    assert Match.objects.get().gap_entry


def unsaved(owed: int) -> PurchaseInvoice:
    return PurchaseInvoice(
        pk=uuid4(), currency="EUR", gross_amount=Decimal(owed).scaleb(-2), settled_cents=0, kind=Kind.INVOICE
    )


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=5), st.lists(st.integers(1, 10**7), min_size=1, max_size=4))
def test_closed_both_sides_hold_their_whole_amounts_and_each_purchase_bears_its_part(
    owed: list[int], paid_cents: list[int]
) -> None:
    dues = {unsaved(cents): cents for cents in owed}
    lines = [BankTransaction(pk=uuid4(), amount=-Decimal(cents).scaleb(-2), allocated_cents=0) for cents in paid_cents]
    gap = sum(paid_cents) - sum(owed)
    if not gap:
        with pytest.raises(GapStays):
            share_gap(dues, lines, kind=GapKind.DIFFERENCE, currency="EUR")
    for kind in kinds_of(gap):
        try:
            paid = share_gap(dues, lines, kind=kind, currency="EUR")
            shares, places = bear_gap(shares_of(list(dues), lines, paid), dues)
        except GapStays:
            assert gap < 0 or len(lines) > 1
            continue
        assert sum(paid.values()) == sum(paid_cents)
        for line, cents in zip(lines, paid_cents, strict=True):
            assert sum(share[2] for share in shares if share[1] == line) == cents
        for invoice, due in dues.items():
            own = [share for share in shares if share[0] == invoice]
            assert sum(share[3] for share in own) == due
            assert all(share[2] > 0 and share[3] > 0 for share in own)
            assert len([place for place in places if shares[place][0] == invoice]) == (paid[invoice] != due)
            if kind == GapKind.DISCOUNT:
                assert abs((paid[invoice] - due) * sum(owed) - gap * due) < sum(owed)
