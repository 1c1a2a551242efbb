"""A purchase in another currency that the machine proposed or matched: confirmed, its exchange is posted with it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import PurchaseInvoice, Settlement
from banking.matches.deciding import MatchChanged, confirm_match, undo_match
from banking.matches.exchange_posting import gaps_in_words, post_waiting_exchanges, waiting_exchanges
from banking.matches.reopening import unconfirm
from banking.models import BankAccount, BankTransaction, GapKind, Match, MatchState
from banking.tasks import sweep_unposted_settlements
from firms.models import Company, User
from ledger.models import AccountingMode, Bookkeeping, JournalEntry
from tests.achats.posting_rows import moves, open_company_of_2019
from tests.banking.bank_pages import HTMX, address
from tests.banking.matches.test_exchange import in_dollars
from tests.banking.matches.test_gaps import open_cents, paid
from tests.banking.test_reconciliation import run
from tests.factories.achats import NOW
from tests.factories.banking import BankAccountFactory

LOSS = [("65600000", "", "3.20", ""), ("40110000", "401FRANP", "", "3.20")]
GAIN = [("75600000", "", "", "2.50"), ("40110000", "401FRANP", "2.50", "")]


@pytest.fixture
def company(db: None) -> Company:
    return open_company_of_2019()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


def proposed(invoice: PurchaseInvoice, line: BankTransaction, state: MatchState = MatchState.SUGGESTED) -> Match:
    """As the machine writes it: the line's cents, and what they pay in the purchase's own currency."""
    return Match.objects.create(
        company=invoice.company,
        invoice=invoice,
        transaction=line,
        state=state,
        amount_cents=int(-line.amount * 100),
        invoice_cents=int(invoice.gross_amount * 100),
        record={"kind": "pair"},
    )


def made(invoice: PurchaseInvoice, line: BankTransaction) -> Match:
    match = proposed(invoice, line, MatchState.AUTO)
    BankTransaction.objects.filter(pk=line.pk).update(allocated_cents=match.amount_cents)
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(
        settled_cents=match.invoice_cents, settlement=Settlement.SETTLED
    )
    return match


@pytest.mark.parametrize(("amount", "entry"), [("-103.20", LOSS), ("-97.50", GAIN), ("-100.00", None)])
def test_confirmed_its_exchange_is_posted_as_one_matched_by_hand(
    company: Company, account: BankAccount, by: User, amount: str, entry: list | None
) -> None:
    invoice, line = in_dollars(company), paid(account, amount)
    confirm_match(match=proposed(invoice, line), by=by)
    match = Match.objects.get()
    assert (match.state, match.invoice_cents, match.base_cents) == (MatchState.CONFIRMED, 12_000, 10_000)
    assert (moves(match.gap_entry) if match.gap_entry else None) == entry
    assert open_cents(invoice, line) == (0, 0)


@pytest.mark.parametrize(("amount", "entry"), [("-103.20", LOSS), ("-97.50", GAIN)])
def test_what_the_machine_matched_is_posted_by_the_worker_once(
    company: Company, account: BankAccount, amount: str, entry: list
) -> None:
    match = made(in_dollars(company), paid(account, amount))
    post_waiting_exchanges(company_id=company.pk)
    sweep_unposted_settlements()
    match.refresh_from_db()
    assert moves(match.gap_entry) == entry
    assert (JournalEntry.objects.count(), match.state) == (1, MatchState.AUTO)
    assert not waiting_exchanges().exists()


def test_what_the_engine_itself_matches_is_swept_up(company: Company, account: BankAccount) -> None:
    in_dollars(company, name="Fournitures du Nord", issued_on=date(2019, 9, 24))
    line = paid(account, "-103.20")
    BankTransaction.objects.filter(pk=line.pk).update(
        label="CB FOURNITURES DU NORD 2509 120,00 USD", booked_on=date(2019, 9, 26)
    )
    run(account)
    sweep_unposted_settlements()
    match = Match.objects.get()
    assert (match.state, match.base_cents, match.gap_cents) == (MatchState.AUTO, 10_000, 320)


def test_without_its_total_in_the_books_it_waits_for_that_and_a_person_is_told(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, line = in_dollars(company, base=None), paid(account, "-103.20")
    match = proposed(invoice, line)
    with pytest.raises(MatchChanged, match="sans total en EUR\u00a0: donnez-lui ce total sur sa page"):
        confirm_match(match=match, by=by)
    assert open_cents(invoice, line) == (12_000, 10_320)
    match.delete()
    match = made(invoice, line)
    sweep_unposted_settlements()
    assert not JournalEntry.objects.exists()
    PurchaseInvoice.objects.filter(pk=invoice.pk).update(base_currency="EUR", base_gross_amount=Decimal(100))
    sweep_unposted_settlements()
    match.refresh_from_db()
    assert moves(match.gap_entry) == LOSS


def test_a_purchase_without_its_accounts_is_refused_and_says_what_to_do(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice = in_dollars(company)
    invoice.lines.update(account=None)
    with pytest.raises(MatchChanged, match=r"donnez-les-lui d’abord\. Rien n’a été changé\.$"):
        confirm_match(match=proposed(invoice, paid(account, "-103.20")), by=by)
    assert not JournalEntry.objects.exists()


def test_taken_back_its_entry_goes_and_the_suggestion_is_as_it_was(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, line = in_dollars(company), paid(account, "-103.20")
    match = confirm_match(match=proposed(invoice, line), by=by)
    unconfirm(match=match, by=by)
    assert not JournalEntry.objects.exists()
    again = Match.objects.suggested().get()
    assert (again.base_cents, again.gap_kind, open_cents(invoice, line)) == (None, "", (12_000, 10_320))
    undo_match(match=confirm_match(match=again, by=by), by=by)
    assert not JournalEntry.objects.exists()


def test_in_tresorerie_there_is_no_exchange(company: Company, account: BankAccount, by: User) -> None:
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    match = confirm_match(match=proposed(in_dollars(company), paid(account, "-103.20")), by=by)
    assert (match.base_cents, match.gap_entry) == (None, None)
    assert not waiting_exchanges().exists()


def test_two_parts_of_one_purchase_make_its_total_in_the_books(
    company: Company, account: BankAccount, by: User
) -> None:
    invoice, lines = in_dollars(company, "100.00", "33.33"), [paid(account, "-16.00"), paid(account, "-17.00")]
    for line in lines:
        match = proposed(invoice, line)
        Match.objects.filter(pk=match.pk).update(invoice_cents=5_000)
        confirm_match(match=Match.objects.get(pk=match.pk), by=by, at=NOW)
    assert [row.base_cents for row in Match.objects.order_by("pk")] == [1_667, 1_666]
    assert [row.gap_cents for row in Match.objects.order_by("pk")] == [-67, 34]


def test_the_exchange_is_told_before_anybody_confirms(
    client: Client, company: Company, account: BankAccount, by: User
) -> None:
    client.force_login(by)
    invoice, line = in_dollars(company), paid(account, "-103.20")
    match, told = proposed(invoice, line), "Écart de change\u00a0: 3,20\u00a0€ (65600000), passé à la confirmation."
    for page in (address(company, "review"), reverse("achats:detail", args=[company.pk, invoice.pk])):
        html = client.get(page).content.decode()
        assert f"Dans les livres\u00a0: 100,00\u00a0€. {told}" in html
    data = {"match": str(match.pk), "geste": "confirmer"}
    html = client.post(address(company, "review_decide", line.pk), data, headers=HTMX).content.decode()
    assert "Écart de change\u00a0: 3,20\u00a0€, écriture OD-" in html
    match.refresh_from_db()
    assert match.gap_kind == GapKind.EXCHANGE


@pytest.mark.parametrize(
    ("amount", "base", "words"),
    [
        ("-100.00", "100.00", "Dans les livres\u00a0: 100,00\u00a0€, sans écart de change."),
        ("-97.50", "100.00", "Écart de change\u00a0: 2,50\u00a0€ (75600000), passé à la confirmation."),
        ("-97.50", None, "sans total en EUR\u00a0: donnez-lui ce total sur sa page"),
    ],
)
def test_a_suggestion_says_what_will_become_of_it(
    company: Company, account: BankAccount, amount: str, base: str | None, words: str
) -> None:
    assert words in gaps_in_words([proposed(in_dollars(company, base=base), paid(account, amount))])
