"""What an accountant reconciles, by the keyboard alone, in a real browser."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from achats.models import Settlement
from banking.models import BankAccount, Match, MatchState
from firms.models import Company, User
from ledger.models import FiscalYear, JournalEntry
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import member_of
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company, label="BNP", last_four="4471")


def a_suggestion(account: BankAccount, name: str, amount: str, day: int) -> None:
    """A cheque names nobody: the machine leaves it to a person."""
    an_invoice(account, supplier_name=name, gross_amount=Decimal(amount), vat_amount=None)
    a_line(account, amount=-Decimal(amount), label=f"CHEQUE 00124{day}", booked_on=date(2019, 9, day))


def review_of(live_server, account: BankAccount, query: str = "") -> str:
    return live_server.url + reverse("banking:review", args=[account.company_id]) + query


def settled() -> set[str]:
    matches = Match.objects.filter(state=MatchState.CONFIRMED, invoice__settlement=Settlement.SETTLED)
    return set(matches.values_list("invoice__supplier_name", flat=True))


def opened(page: Page):
    return page.locator("li.review-pair[data-open]")


def test_pairs_are_confirmed_refused_searched_and_undone_without_a_mouse(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    for day, (name, amount) in enumerate(
        [("Orange", "43.54"), ("Franprix", "5.76"), ("Starbucks", "4.85"), ("Darty", "99.00")], start=-28
    ):
        a_suggestion(account, name, amount, -day)
    for name, amount in (("Engie", "30.10"), ("Veolia", "45.20")):
        an_invoice(account, supplier_name=name, gross_amount=Decimal(amount), vat_amount=None)
    a_line(account, amount=Decimal("-77.00"), label="VIR DIVERS", booked_on=date(2019, 9, 10))
    run(account)
    page, keyboard, said = signed_in, signed_in.keyboard, signed_in.locator("#derniere-action")
    page.goto(review_of(live_server, account))
    assert_accessible()
    expect(opened(page)).to_contain_text("CHEQUE 0012428")

    for name, following in (("Orange", "0012427"), ("Franprix", "0012426"), ("Starbucks", "0012425")):
        keyboard.press("Enter")
        expect(said).to_contain_text(f"Rapproché\u00a0: {name}")
        expect(opened(page)).to_contain_text(f"CHEQUE {following}")
        expect(opened(page).locator("[data-folds]")).to_be_focused()
    assert settled() == {"Orange", "Franprix", "Starbucks"}
    assert_accessible()

    keyboard.press("r")
    expect(said).to_contain_text("Refusé")
    expect(opened(page)).to_contain_text("Aucune facture proche")
    keyboard.press("j")
    expect(opened(page)).to_contain_text("VIR DIVERS")
    expect(page).to_have_url(review_of(live_server, account, f"?ligne={opened_id(page)}#l-{opened_id(page)}"))

    keyboard.press("f")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert_accessible()
    for name in ("engie", "veolia"):
        page.get_by_role("searchbox").fill(name)
        box = page.get_by_role("checkbox", name=name)
        expect(page.locator("[data-cents]:not(:checked)")).to_have_count(1)
        box.focus()
        keyboard.press("Space")
    expect(page.locator("output")).to_contain_text(
        "Choisi 75,30\u00a0€ · Ligne 77,00\u00a0€ · Écart 1,70\u00a0€", use_inner_text=True
    )
    page.get_by_role("button", name="Rapprocher 2\u00a0factures").focus()
    keyboard.press("Enter")
    expect(said).to_contain_text("Rapproché\u00a0: 2\u00a0factures, 75,30\u00a0€.")
    expect(opened(page)).to_contain_text("1,70\u00a0€")
    assert settled() >= {"Engie", "Veolia"}

    keyboard.press("z")
    expect(said).to_contain_text("Défait")
    assert settled() == {"Orange", "Franprix", "Starbucks"}
    assert_accessible()


def opened_id(page: Page) -> str:
    return (opened(page).get_attribute("id") or "").removeprefix("l-")


def test_automatic_matches_are_read_and_a_key_held_down_decides_once(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    for amount in ("12.00", "40.00", "77.00"):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None)
        a_line(account, amount=-Decimal(amount))
    run(account)
    page, said = signed_in, signed_in.locator("#derniere-action")
    page.goto(review_of(live_server, account, "?onglet=a-relire"))
    assert_accessible()
    first = opened_id(page)
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(said).to_contain_text("Exact")
    expect(page.locator(f"#l-{first}")).not_to_have_attribute("data-waits", "")
    expect(page.locator("#compteurs")).to_contain_text("Automatiques à relire 2")
    assert Match.objects.filter(state=MatchState.CONFIRMED).count() == 1
    expect(opened(page)).not_to_have_id(f"l-{first}")
    expect(opened(page).locator("[data-folds]")).to_be_focused()
    expect(page.get_by_role("button", name="Les 2 sont exacts")).to_be_visible()
    page.keyboard.press("r")
    expect(said).to_contain_text("Défait")
    assert Match.objects.filter(state=MatchState.UNDONE).count() == 1
    expect(page.get_by_role("button", name="Il est exact")).to_be_visible()
    page.keyboard.press("z")
    expect(said).to_contain_text("Proposé à nouveau")
    assert Match.objects.suggested().count() == 1


def test_the_line_that_opens_next_no_longer_shows_an_invoice_that_was_just_used(
    signed_in: Page, live_server, account: BankAccount
):
    an_invoice(account)
    for day in (26, 27):
        a_line(account, label=f"CHEQUE 00124{day}", booked_on=date(2019, 9, day))
    run(account)
    signed_in.goto(review_of(live_server, account))
    signed_in.get_by_role("button", name="Refuser").focus()
    signed_in.keyboard.press("ArrowDown")
    expect(opened(signed_in)).to_contain_text("CHEQUE 0012426")
    signed_in.keyboard.press("k")
    signed_in.keyboard.press("Enter")
    expect(opened(signed_in)).to_contain_text("CHEQUE 0012426")
    expect(opened(signed_in)).to_contain_text("Aucune facture proche")
    expect(opened(signed_in).locator("[data-folds]")).to_be_focused()


def test_entree_presses_the_button_that_has_the_focus(signed_in: Page, live_server, account: BankAccount):
    a_suggestion(account, "Orange", "43.54", 28)
    run(account)
    signed_in.goto(review_of(live_server, account))
    signed_in.get_by_role("button", name="Refuser").focus()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#derniere-action")).to_contain_text("Refusé")
    assert Match.objects.get().state == MatchState.REFUSED


def test_a_pair_out_of_sight_is_shown_before_a_key_decides_it(signed_in: Page, live_server, account: BankAccount):
    for day in range(1, 26):
        a_line(account, label=f"CHEQUE {day:07d}", booked_on=date(2019, 9, day))
    a_suggestion(account, "Orange", "43.54", 28)
    run(account)
    signed_in.goto(review_of(live_server, account))
    signed_in.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(opened(signed_in)).not_to_be_in_viewport()
    signed_in.keyboard.press("Enter")
    expect(opened(signed_in)).to_be_in_viewport()
    assert Match.objects.get().state == MatchState.SUGGESTED
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#derniere-action")).to_contain_text("Rapproché\u00a0: Orange")


def test_without_a_script_each_deed_comes_back_to_its_line(
    browser: Browser, live_server, account: BankAccount, person: User, client: Client
):
    a_suggestion(account, "Orange", "43.54", 28)
    a_suggestion(account, "Darty", "99.00", 27)
    run(account)
    page = browser.new_page(java_script_enabled=False)
    sign_in(page, live_server.url, client, person)
    page.goto(review_of(live_server, account))
    page.get_by_role("button", name="Confirmer", exact=False).and_(page.locator("[data-open] button")).click()
    expect(page.get_by_role("status")).to_contain_text("Rapproché\u00a0: Orange")
    page.get_by_role("link", name="CHEQUE 0012427").click()
    page.get_by_role("link", name="Chercher").and_(page.locator("[data-open] a")).click()
    page.get_by_role("checkbox", name="Darty").check()
    page.get_by_role("button", name="Rapprocher").click()
    expect(page.get_by_role("status")).to_contain_text("Rapproché\u00a0: Darty")
    expect(page.get_by_role("heading", name="Tout est rapproché")).to_be_visible()
    page.close()


def test_a_run_is_asked_for_and_says_what_came(
    signed_in: Page, live_server, account: BankAccount, celery_worker_process, assert_accessible: Callable[[], None]
):
    an_invoice(account)
    a_line(account)
    signed_in.goto(review_of(live_server, account))
    signed_in.get_by_role("button", name="Relancer la recherche").click()
    told = signed_in.locator("#execution")
    expect(told).to_contain_text("Recherche finie")
    expect(told).to_contain_text("1\u00a0rapprochement automatique")
    assert_accessible()
    told.get_by_role("link", name="Actualiser la liste").click()
    expect(signed_in.get_by_role("heading", name="Tout est rapproché")).to_be_visible()


def test_a_difference_is_named_by_the_keyboard_and_posted(
    signed_in: Page, live_server, company: Company, account: BankAccount, assert_accessible: Callable[[], None]
):
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    an_invoice(account, supplier_name="Veolia", gross_amount=Decimal("45.20"), vat_amount=None)
    a_line(account, amount=Decimal("-46.00"), label="VIR DIVERS", booked_on=date(2019, 9, 10))
    page, keyboard = signed_in, signed_in.keyboard
    page.goto(review_of(live_server, account))
    keyboard.press("f")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("button", name="Rapprocher")).to_be_in_viewport()
    expect(page.get_by_label("Frais bancaires")).to_be_hidden()
    page.get_by_role("checkbox", name="Veolia").focus()
    keyboard.press("Space")
    expect(page.get_by_label("Escompte obtenu")).to_be_hidden()
    assert_accessible()
    page.get_by_label("Laisser ouvert").focus()
    keyboard.press("ArrowDown")
    expect(page.get_by_label("Frais bancaires (62780000)")).to_be_checked()
    page.get_by_role("button", name="Rapprocher 1\u00a0facture").focus()
    keyboard.press("Enter")
    said = page.locator("#derniere-action")
    expect(said).to_contain_text("Frais bancaires\u00a0: 0,80\u00a0€, écriture OD-000001.")
    assert settled() == {"Veolia"}
    keyboard.press("z")
    expect(said).to_contain_text("Défait")
    assert not JournalEntry.objects.exists()


def test_of_two_accountants_on_one_line_one_wins_and_the_other_is_told_what_changed(
    signed_in: Page, browser: Browser, live_server, account: BankAccount
):
    a_suggestion(account, "Orange", "43.54", 28)
    a_suggestion(account, "Darty", "99.00", 27)
    run(account)
    colleague = member_of(account.company)
    other = browser.new_page(viewport={"width": 1366, "height": 820})
    sign_in(other, live_server.url, Client(), colleague)
    for page in (signed_in, other):
        page.goto(review_of(live_server, account))
        expect(opened(page)).to_contain_text("CHEQUE 0012428")

    other.keyboard.press("Enter")
    expect(other.locator("#derniere-action")).to_contain_text("Rapproché\u00a0: Orange")
    signed_in.keyboard.press("r")
    told = opened(signed_in).locator(".banner")
    expect(told).to_contain_text("Ce rapprochement vient d’être confirmé")
    expect(told).to_contain_text(str(colleague))
    expect(opened(signed_in)).to_contain_text("CHEQUE 0012428")
    expect(opened(signed_in)).to_contain_text(f"Confirmé par {colleague}")
    expect(signed_in.locator("#compteurs")).to_contain_text("À traiter 1")
    assert settled() == {"Orange"}

    signed_in.keyboard.press("j")
    for page in (signed_in, other):
        expect(opened(page)).to_contain_text("CHEQUE 0012427")
    for page in (signed_in, other):
        page.evaluate("document.querySelector('[data-open] [data-key=Enter]').click()")
    for page in (signed_in, other):
        expect(page.locator("#annonce")).to_contain_text(
            re.compile("Rapproché\u00a0: Darty|vient d’être confirmé"), use_inner_text=False
        )
    assert settled() == {"Orange", "Darty"}
    assert Match.objects.get(invoice__supplier_name="Darty").amount_cents == 9900
    other.close()
