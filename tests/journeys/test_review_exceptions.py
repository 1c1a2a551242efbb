"""What an accountant takes back in the review, and what he matches in another currency, in a real browser."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from banking.models import BankAccount
from firms.models import Company
from ledger.models import FiscalYear
from tests.achats import posting_rows
from tests.banking.test_reconciliation import a_line, run
from tests.factories.banking import BankAccountFactory
from tests.journeys.test_review import a_suggestion, opened, review_of, settled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company, label="BNP", last_four="4471")


def test_a_refusal_is_taken_back_by_a_key_or_from_the_list_of_the_line(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    a_suggestion(account, "Orange", "43.54", 28)
    a_suggestion(account, "Darty", "99.00", 27)
    run(account)
    page, keyboard, said = signed_in, signed_in.keyboard, signed_in.locator("#derniere-action")
    page.goto(review_of(live_server, account))
    keyboard.press("r")
    expect(said).to_contain_text("Refusé")
    expect(opened(page)).to_contain_text("Aucune facture proche")
    keyboard.press("z")
    expect(said).to_contain_text("Proposé à nouveau\u00a0: Orange, 43,54\u00a0€.")
    expect(opened(page)).to_contain_text("CHEQUE 0012428")
    expect(opened(page).get_by_role("radio")).to_have_count(1)
    assert_accessible()

    keyboard.press("r")
    expect(said).to_contain_text("Refusé")
    page.reload()
    page.get_by_text("2\u00a0rapprochements refusés ou défaits").click()
    assert_accessible()
    page.get_by_role("button", name="Proposer à nouveau").click()
    expect(said).to_contain_text("Proposé à nouveau\u00a0: Orange")
    expect(opened(page).locator("[data-folds]")).to_be_focused()
    keyboard.press("Enter")
    expect(said).to_contain_text("Rapproché\u00a0: Orange")
    assert settled() == {"Orange"}


def test_an_invoice_in_dollars_is_matched_with_its_exchange_in_three_keys(
    signed_in: Page, live_server, company: Company, account: BankAccount, assert_accessible: Callable[[], None]
):
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    row = posting_rows.a_line(company, "120.00", "0.00")
    base = {"currency": "USD", "base_currency": "EUR", "base_gross_amount": Decimal("100.00")}
    posting_rows.a_receipt(company, row, name="Zendesk", vat="0.00", **base)
    a_line(account, amount=Decimal("-103.20"), label="CB DIVERS", booked_on=date(2019, 8, 28))
    page = signed_in
    page.goto(review_of(live_server, account))
    page.keyboard.press("f")
    box = page.get_by_role("checkbox", name="Zendesk")
    expect(page.get_by_text("120,00\u00a0$")).to_be_visible()
    assert_accessible()
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator("output")).to_contain_text("Écart 3,20\u00a0€", use_inner_text=True)
    expect(page.get_by_role("radio", name="Écart de change (65600000)")).to_be_checked()
    expect(page.get_by_role("radio", name="Écart de change (75600000)")).to_be_hidden()
    assert_accessible()
    page.get_by_role("button", name="Rapprocher 1\u00a0facture").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#derniere-action")).to_contain_text("Écart de change\u00a0: 3,20\u00a0€, écriture OD-")
    assert settled() == {"Zendesk"}


def test_escape_clears_the_search_then_closes_it_and_the_last_deed_leaves_the_place_to_its_buttons(
    signed_in: Page, live_server, account: BankAccount
):
    a_suggestion(account, "Orange", "43.54", 28)
    run(account)
    page, keyboard = signed_in, signed_in.keyboard
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(review_of(live_server, account))
    keyboard.press("r")
    expect(page.locator("#derniere-action")).to_contain_text("Refusé")
    assert page.locator("#derniere-action").evaluate("(box) => getComputedStyle(box).position") == "fixed"
    keyboard.press("f")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    assert page.locator("#derniere-action").evaluate("(box) => getComputedStyle(box).position") == "static"
    page.get_by_role("checkbox", name="Orange").check()
    page.get_by_role("button", name="Rapprocher 1\u00a0facture").click(trial=True)
    field.fill("rien de tel")
    keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(page.get_by_role("checkbox", name="Orange")).to_be_visible()
    keyboard.press("Escape")
    expect(page.locator(".review-search")).to_have_count(0)
    expect(opened(page).locator("[data-folds]")).to_be_focused()
    keyboard.press("Escape")
    expect(opened(page)).to_contain_text("CHEQUE 0012428")
