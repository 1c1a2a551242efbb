"""Whatever one does with a purchase, its VAT is the one received, and its entries balance."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import QuerySet, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from achats.books.posting import AlreadyPosted, CannotPost, NotPosted, post_invoice, reverse_invoice, unpost_invoice
from achats.changing.cancelling import cancel_invoice
from achats.changing.correcting import FieldNotEditable, InvoiceNotEditable, correct_invoice
from achats.changing.restoring import CannotRestore, restore_invoice
from achats.models import InvoiceLine, PurchaseInvoice, Settlement, Source
from banking.matches.by_hand import CannotMatch, match_by_hand
from banking.matches.deciding import MatchChanged, undo_match
from banking.models import BankAccount, GapKind, Match
from firms.models import Company, User
from ledger.models import AccountingMode, Bookkeeping, EntryLine, JournalEntry
from ledger.posting import EntryFinal
from tests.achats.posting_rows import a_line, a_receipt, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory, BankTransactionFactory
from tests.factories.firms import member_of

REFUSALS = (
    AlreadyPosted, CannotMatch, CannotPost, CannotRestore, EntryFinal, FieldNotEditable, InvoiceNotEditable,
    MatchChanged, NotPosted,
)  # fmt: skip
Deed = Callable[[PurchaseInvoice, BankAccount, User, int], object]


def edit(row: PurchaseInvoice, _: BankAccount, by: User, chance: int) -> None:
    account = row.company.accounts.get(code=("60630000", "62570000")[chance % 2])
    lines = {line.pk: {"account": account} for line in row.lines.all()}
    correct_invoice(invoice=row, by=by, at=NOW, changes={"note": str(chance)}, lines=lines)


def forge(row: PurchaseInvoice, _: BankAccount, by: User, chance: int) -> None:
    """What Dext sent is never changed by hand: this must be refused."""
    correct_invoice(invoice=row, by=by, at=NOW, changes={"vat_amount": Decimal(chance)})
    pytest.fail("a VAT amount of Dext was changed")


def pay(row: PurchaseInvoice, account: BankAccount, by: User, chance: int) -> None:
    """All that is owed, some cents less or more, or a part; the difference named, or left open."""
    owed = int(row.gross_amount * 100) - row.settled_cents
    cents = max((owed, owed - chance % 7, owed + chance % 5, owed // 2)[chance % 4], 1)
    line = BankTransactionFactory.create(
        account=account, amount=-Decimal(cents).scaleb(-2), booked_on=date(2019, 9, 1 + chance % 28)
    )
    kinds = [None, GapKind.DIFFERENCE, GapKind.DISCOUNT if cents < owed else GapKind.FEE]
    gap = kinds[chance % 3] if cents != owed else None
    match_by_hand(company=row.company, invoice_ids=[row.pk], line_ids=[line.pk], by=by, at=NOW, gap=gap)


def unpay(row: PurchaseInvoice, _: BankAccount, by: User, chance: int) -> None:
    if matches := list(Match.objects.live().filter(invoice=row).order_by("pk")):
        undo_match(match=matches[chance % len(matches)], by=by, at=NOW)


DEEDS: list[Deed] = [
    edit,
    forge,
    pay,
    pay,
    unpay,
    lambda row, _, by, __: post_invoice(invoice=row, by=by, at=NOW),
    lambda row, _, by, __: unpost_invoice(invoice=row, by=by, at=NOW),
    lambda row, _, by, __: reverse_invoice(invoice=row, by=by, at=NOW),
    lambda row, _, by, __: cancel_invoice(invoice=row, by=by, reason="Erreur", at=NOW),
    lambda row, _, by, __: restore_invoice(invoice=row, by=by, at=NOW),
]


@pytest.fixture(params=[AccountingMode.ACCRUAL, AccountingMode.CASH])
def account(db: None, request: pytest.FixtureRequest) -> BankAccount:
    company = open_company_of_2019()
    Bookkeeping.objects.filter(company=company).update(accounting_mode=request.param)
    bank = company.accounts.get(code="51200000")
    return BankAccountFactory.create(company=Company.objects.get(pk=company.pk), ledger_account=bank)


amounts = st.tuples(st.integers(100, 50_000), st.integers(0, 19))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(amounts, min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 10**6)), min_size=1, max_size=8),
)
def test_the_vat_received_is_kept_and_every_entry_balances(
    account: BankAccount, lines: list[tuple[int, int]], deeds: list[tuple[Deed, int]]
) -> None:
    by = member_of(account.company)
    invoice = received(account.company, lines)
    before = invoice.gross_amount, invoice.vat_amount
    for deed, chance in deeds:
        row = PurchaseInvoice.objects.select_related("company__bookkeeping").get(pk=invoice.pk)
        with suppress(*REFUSALS):
            deed(row, account, by, chance)
        row = PurchaseInvoice.objects.get(pk=invoice.pk)
        assert (row.gross_amount, row.vat_amount) == before
        of_lines = InvoiceLine.objects.filter(invoice=row).aggregate(gross=Sum("gross_amount"), vat=Sum("vat_amount"))
        assert (of_lines["gross"], of_lines["vat"]) == before
        assert_entries_hold(row)


def received(company: Company, lines: list[tuple[int, int]]) -> PurchaseInvoice:
    """As Dext sends it: each line with its VAT, all of it deducted."""
    rows = [(Decimal(cents).scaleb(-2), Decimal(cents * percent // 119).scaleb(-2)) for cents, percent in lines]
    made = [a_line(company, f"{gross:.2f}", f"{vat:.2f}", code="TVAMULTI") for gross, vat in rows]
    return a_receipt(company, *made, vat=f"{sum(vat for _, vat in rows):.2f}", source=Source.DEXT)


def assert_entries_hold(row: PurchaseInvoice) -> None:
    entries = JournalEntry.objects.filter(company=row.company).order_by()
    sums = entries.annotate(debits=Sum("lines__debit"), credits=Sum("lines__credit"))
    assert all(entry.debits == entry.credits for entry in sums)
    own = EntryLine.objects.filter(entry__purchase=row) | EntryLine.objects.filter(entry__payment__invoice=row)
    vat = moved(own.filter(account__code="44566000"))
    charges = moved(own.filter(account__code__startswith="6"))
    paid_all = row.settlement == Settlement.SETTLED and own.filter(entry__payment__isnull=False).exists()
    if row.entry_id or paid_all:
        assert (vat, vat + charges) == (row.vat_amount, row.gross_amount)
    assert abs(vat) <= (row.vat_amount or 0)


def moved(lines: QuerySet[EntryLine]) -> Decimal:
    sums = lines.order_by().aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))
