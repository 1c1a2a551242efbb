"""« Compte »: a line without a document goes to an account, in the journal BQ; taken back, it waits again."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from achats.models import Kind
from banking.accounts.booking import keep_in_books
from banking.accounts.browsing import states_of
from banking.coding import CannotCode, code_line, uncode_line, vat_within
from banking.codings import codings_like, purchases_like, usual_coding
from banking.imports.withdrawing import withdraw_import
from banking.matches.by_hand import match_by_hand
from banking.models import BankAccount, BankTransaction, LineCoding, Match
from banking.pieces.missing import missing_lines
from banking.reconciliation import reconcile_company
from firms.models import Company, Event, User
from ledger.models import Bookkeeping, JournalEntry, VatRegime
from ledger.validating import validate_entries
from tests.achats.posting_rows import a_receipt, moves, open_company_of_2019
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory, BankTransactionFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company, ledger_account=company.accounts.get(code="51210000"))


def a_line(account: BankAccount, amount: str = "-12.00", **fields) -> BankTransaction:
    usual = {"label": "COMMISSION CARTE BLEUE", "booked_on": date(2019, 8, 20)}
    return BankTransactionFactory.create(account=account, amount=Decimal(amount), **usual | fields)


def coded(line: BankTransaction, by: User, *, account: str = "62780000", code: str = "", **fields) -> LineCoding:
    vat_code = line.company.vat_codes.get(code=code) if code else None
    chosen = line.company.accounts.get(code=account)
    return code_line(line=line, account=chosen, vat_code=vat_code, by=by, at=NOW, **fields)


def test_fees_go_to_their_account_against_the_bank(account: BankAccount, by: User):
    line = a_line(account)
    coding = coded(line, by)
    line.refresh_from_db()
    assert moves(coding.entry) == [("62780000", "", "12.00", ""), ("51210000", "", "", "12.00")]
    assert (coding.entry.name, coding.entry.posted_on, line.allocated_cents) == ("BQ-000001", date(2019, 8, 20), 1200)
    event = Event.objects.get(kind="bank_line.coded")
    assert (event.subject_id, event.changes) == (line.pk, {"coding": [None, "62780000 · BQ-000001"]})


def test_money_that_came_is_the_mirror(account: BankAccount, by: User):
    coding = coded(a_line(account, "80.00", label="VIR INTERNE"), by, account="58000000")
    assert moves(coding.entry) == [("58000000", "", "", "80.00"), ("51210000", "", "80.00", "")]


@pytest.mark.parametrize(
    ("code", "amount", "vat", "charge"),
    [("TVA20", None, "2.00", "10.00"), ("TVA20", "1.99", "1.99", "10.01"), ("CARB80", None, "1.60", "10.40")],
)
def test_the_vat_of_a_rate_or_of_the_statement_is_deducted(
    account: BankAccount, by: User, code: str, amount: str | None, vat: str, charge: str
):
    coding = coded(a_line(account), by, code=code, vat_amount=Decimal(amount) if amount else None)
    assert moves(coding.entry) == [
        ("62780000", "", charge, ""), ("44566000", "", vat, ""), ("51210000", "", "", "12.00"),
    ]  # fmt: skip


def test_on_an_asset_the_vat_is_that_of_assets(account: BankAccount, by: User):
    coding = coded(a_line(account), by, account="21830000", code="TVA20")
    assert [code for code, *_ in moves(coding.entry)] == ["21830000", "44562000", "51210000"]


@given(st.integers(1, 10**12), st.sampled_from(["20", "10", "5.5", "2.1", "8.5"]))
def test_the_vat_within_an_amount_is_its_share_to_half_a_cent(cents: int, rate: str):
    vat = vat_within(cents, Decimal(rate))
    assert abs(vat * (100 + Decimal(rate)) - cents * Decimal(rate)) * 2 <= 100 + Decimal(rate)
    assert 0 <= vat < cents


def test_each_refusal_is_a_sentence_and_changes_nothing(account: BankAccount, by: User):
    company = account.company
    line = a_line(account)
    refused = [
        ("51210000", "", {}, "ne peut pas recevoir"),
        ("40110000", "", {}, "cherchez sa facture"),
        ("42100000", "TVA20", {}, "ne se déduit pas sur le compte 42100000"),
        ("62780000", "AL20", {}, "ne se déduit pas"),
        ("62780000", "TVA20", {"vat_amount": Decimal("12.00")}, "moindre que le montant"),
    ]
    for chosen, code, fields, sentence in refused:
        with pytest.raises(CannotCode, match=sentence):
            coded(line, by, account=chosen, code=code, **fields)
    with pytest.raises(CannotCode, match="Aucun exercice"):
        coded(a_line(account, booked_on=date(2017, 1, 2)), by)
    Bookkeeping.objects.filter(company=company).update(vat_regime=VatRegime.EXEMPT)
    with pytest.raises(CannotCode, match="ne se déduit pas"):
        coded(line, by, code="TVA20")
    keep_in_books(account=account, ledger_account=None, by=by)
    with pytest.raises(CannotCode, match="n’a pas de compte de classe 5"):
        coded(line, by)
    line.refresh_from_db()
    assert (line.allocated_cents, JournalEntry.objects.count()) == (0, 0)


def test_twice_is_refused(account: BankAccount, by: User):
    line = a_line(account)
    coded(line, by)
    with pytest.raises(CannotCode, match="n’attend plus rien"):
        coded(line, by)


def test_a_line_on_an_account_is_neither_matched_nor_asked_of_the_client(account: BankAccount, by: User):
    line = a_line(account, label="PRLV FRANPRIX FA-12", amount="-5.76")
    coded(line, by, account="60630000")
    a_receipt(account.company, reference="FA-12")
    reconcile_company(company_id=account.company.pk)
    assert not Match.objects.exists()
    assert not missing_lines(account.company).exists()
    uncode_line(line=line, by=by, at=NOW)
    assert missing_lines(account.company).get() == line
    reconcile_company(company_id=account.company.pk)
    assert Match.objects.get().state == "auto"


def test_what_was_suggested_of_it_goes(account: BankAccount, by: User):
    a_receipt(account.company)
    line = a_line(account, "-5.76", label="CHEQUE 0012452")
    reconcile_company(company_id=account.company.pk)
    assert Match.objects.suggested().exists()
    coded(line, by)
    assert not Match.objects.exists()


def test_what_a_match_leaves_of_a_line_may_go_to_an_account(account: BankAccount, by: User):
    invoice, line = a_receipt(account.company), a_line(account, "-6.26")
    [match] = match_by_hand(company=account.company, invoice_ids=[invoice.pk], line_ids=[line.pk], by=by, at=NOW)
    coding = coded(line, by)
    line.refresh_from_db()
    assert (coding.cents, line.allocated_cents) == (50, 626)
    assert states_of([BankTransaction.objects.with_coding().get()])[line.pk].words == "Rapproché, reste au 62780000"
    assert match.amount_cents == 576


def test_a_draft_goes_and_what_is_final_is_reversed(account: BankAccount, by: User):
    draft, final = a_line(account), a_line(account, "-3.00", booked_on=date(2019, 7, 1))
    coded(final, by)
    validate_entries(company=account.company, until=date(2019, 7, 31), by=by, at=NOW)
    coded(draft, by)
    assert uncode_line(line=draft, by=by, at=NOW) is None
    contrary = uncode_line(line=final, by=by, at=NOW)
    assert moves(contrary) == [("62780000", "", "", "3.00"), ("51210000", "", "3.00", "")]
    assert [row.allocated_cents for row in BankTransaction.objects.all()] == [0, 0]
    with pytest.raises(CannotCode, match="n’est plus imputée"):
        uncode_line(line=draft, by=by, at=NOW)


def test_an_import_taken_back_leaves_a_line_that_is_on_an_account(account: BankAccount, by: User):
    line = a_line(account)
    coded(line, by)
    brought = line.statement.statement_import
    told = withdraw_import(company=account.company, import_id=brought.pk, by=by, at=NOW)
    assert (told.removed, told.kept) == (0, 1)


def test_the_purchase_of_as_much_is_told_before_and_after(account: BankAccount, by: User):
    line = a_line(account, "-5.76")
    assert purchases_like(line) == []
    coding = coded(line, by)
    invoice = a_receipt(account.company)
    a_receipt(account.company, kind=Kind.CREDIT_NOTE, reference="AV-1")
    a_receipt(account.company, reference="F-2018", issued_on=date(2018, 8, 19))
    other = a_line(account, "-5.76", bank_reference="other")
    assert purchases_like(other) == [invoice]
    assert codings_like(invoice) == [coding]
    shown = BankTransaction.objects.with_coding().get(pk=line.pk)
    assert states_of([shown])[line.pk].words == "Imputé, facture arrivée"


def test_the_account_of_the_last_line_of_the_same_words_is_proposed(account: BankAccount, by: User):
    coding = coded(a_line(account, label="COTISATION JAZZ PRO"), by)
    like = a_line(account, label="COTISATION JAZZ PRO", booked_on=date(2019, 9, 20), bank_reference="2")
    assert usual_coding(like) == coding
    assert usual_coding(a_line(account, label="VIR URSSAF", bank_reference="3")) is None
