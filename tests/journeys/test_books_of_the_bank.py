"""What the bank writes in the books, in a real browser: a line on an account, a purchase posted by what pays it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from achats.models import PurchaseInvoice, Status
from banking.models import BankAccount, LineCoding
from banking.reconciliation import reconcile_company
from firms.models import Company, User
from ledger.models import AccountingMode, Bookkeeping, FiscalYear, JournalEntry
from tests.achats.posting_rows import a_receipt, moves
from tests.banking.test_coding import a_line, coded
from tests.factories.banking import BankAccountFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(company: Company) -> BankAccount:
    FiscalYear.objects.create(company=company, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31))
    return BankAccountFactory.create(company=company, ledger_account=company.accounts.get(code="51210000"))


def address(live_server, company: Company, name: str, *args: object) -> str:
    return live_server.url + reverse(name, args=[company.pk, *args])


def test_a_line_goes_to_an_account_under_its_row_by_keys_and_is_taken_back(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    fees = a_line(account, "-24.50", label="FRAIS DE TENUE DE COMPTE")
    wages = a_line(account, "-4860.00", label="VIR SALAIRES", booked_on=date(2019, 8, 19))
    signed_in.goto(address(live_server, account.company, "banking:transactions", account.pk))
    signed_in.keyboard.press("j")
    signed_in.keyboard.press("c")
    under = signed_in.locator(f"#imputation-{fees.pk}")
    field = under.get_by_role("combobox", name="Compte", exact=True)
    expect(field).to_be_focused()
    assert_accessible()
    field.fill("6278")
    expect(under.get_by_role("option", name="62780000")).to_be_visible()
    signed_in.keyboard.press("Enter")
    under.get_by_label("Code TVA").select_option(label="TVA20 · TVA 20 % déductible")
    under.get_by_role("button", name="Imputer 24,50").click()
    said = signed_in.locator("#derniere-action")
    expect(said).to_contain_text("dont TVA 4,08\u00a0€. Écriture BQ-000001.")
    expect(signed_in.locator(f"#etat-{fees.pk}")).to_contain_text("Imputé 62780000")
    expect(signed_in.get_by_role("link", name="Compte de VIR SALAIRES")).to_be_focused()
    assert_accessible()
    assert moves(LineCoding.objects.get().entry)[1] == ("44566000", "", "4.08", "")
    signed_in.get_by_role("link", name="Compte de FRAIS").click()
    under.get_by_role("button", name="Reprendre l’imputation").click()
    expect(said).to_contain_text("de nouveau à traiter")
    expect(signed_in.locator(f"#etat-{fees.pk}")).to_contain_text("À traiter")
    assert not JournalEntry.objects.exists()
    assert not LineCoding.objects.filter(transaction=wages).exists()


def test_in_the_review_c_gives_a_line_its_account_and_the_next_line_opens(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    a_line(account, "-4860.00", label="VIR SALAIRES")
    a_line(account, "-24.50", label="FRAIS DE TENUE DE COMPTE", booked_on=date(2019, 8, 19))
    signed_in.goto(address(live_server, account.company, "banking:review"))
    opened = signed_in.locator("li.review-pair[data-open]")
    expect(opened).to_contain_text("VIR SALAIRES")
    signed_in.keyboard.press("c")
    expect(opened.get_by_role("combobox", name="Compte", exact=True)).to_be_focused()
    assert_accessible()
    opened.get_by_role("combobox", name="Compte", exact=True).fill("40110000")
    expect(opened.get_by_role("option", name="40110000")).to_be_visible()
    signed_in.keyboard.press("Enter")
    opened.get_by_role("button", name="Imputer").click()
    expect(opened.get_by_role("alert")).to_contain_text("cherchez sa facture")
    opened.get_by_role("combobox", name="Compte", exact=True).fill("42100000")
    expect(opened.get_by_role("option", name="42100000")).to_be_visible()
    signed_in.keyboard.press("Enter")
    opened.get_by_role("button", name="Imputer").click()
    said = signed_in.locator("#derniere-action")
    expect(said).to_contain_text("Imputé\u00a0: 42100000")
    expect(opened).to_contain_text("FRAIS DE TENUE")
    assert_accessible()
    signed_in.wait_for_function("document.querySelector('#derniere-action form')['htmx-internal-data']")
    signed_in.keyboard.press("z")
    expect(said).to_contain_text("de nouveau à traiter")
    assert not JournalEntry.objects.exists()


def test_in_tresorerie_a_match_posts_the_purchase_and_undone_takes_its_entry_back(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    company = account.company
    Bookkeeping.objects.filter(company=company).update(accounting_mode=AccountingMode.CASH)
    invoice = a_receipt(company)
    a_line(account, "-5.76", label="CHEQUE 0012452")
    reconcile_company(company_id=company.pk)
    detail = address(live_server, company, "achats:detail", invoice.pk)
    signed_in.goto(detail)
    expect(signed_in.locator("#publication")).to_contain_text("En attente de règlement")
    expect(signed_in.get_by_role("region", name="Écriture prévue BQ")).to_contain_text("51200000")
    signed_in.goto(address(live_server, company, "banking:review"))
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#derniere-action")).to_contain_text(
        "Rapproché\u00a0: Franprix, 5,76\u00a0€. Écriture BQ-000001"
    )
    signed_in.goto(detail)
    written = signed_in.locator("#ecriture")
    expect(written).to_contain_text("BQ-000001 réglée le 20/08/2019")
    expect(written.get_by_role("row", name="44566000")).to_contain_text("0,61")
    expect(written.get_by_role("row", name="51210000")).to_contain_text("5,76")
    assert_accessible()
    assert PurchaseInvoice.objects.get().status == Status.POSTED
    signed_in.get_by_role("button", name="Défaire").click()
    expect(signed_in.locator("#publication")).to_contain_text("En attente de règlement")
    expect(signed_in.locator("#annonce")).to_contain_text("Défait")
    assert not JournalEntry.objects.exists()


def test_a_coded_line_is_found_among_those_that_are_done_and_taken_back_there(
    signed_in: Page, live_server, account: BankAccount, person: User, assert_accessible: Callable[[], None]
):
    coded(a_line(account, "-24.50", label="FRAIS DE TENUE DE COMPTE"), person)
    signed_in.goto(address(live_server, account.company, "banking:review"))
    signed_in.get_by_role("link", name="Rapprochées et imputées").click()
    line = signed_in.locator("li.review-pair")
    expect(line).to_contain_text("Imputé 62780000")
    assert_accessible()
    line.get_by_role("button", name="Reprendre l’imputation de FRAIS").click()
    expect(signed_in.locator("#derniere-action")).to_contain_text("de nouveau à traiter")
    assert not LineCoding.objects.exists()


def test_in_tresorerie_a_difference_is_named_and_goes_against_the_bank(
    signed_in: Page, live_server, account: BankAccount, assert_accessible: Callable[[], None]
):
    Bookkeeping.objects.filter(company=account.company).update(accounting_mode=AccountingMode.CASH)
    a_receipt(account.company)
    a_line(account, "-6.00", label="CHEQUE 0012452")
    signed_in.goto(address(live_server, account.company, "banking:review"))
    signed_in.keyboard.press("f")
    opened = signed_in.locator("li.review-pair[data-open]")
    opened.get_by_role("checkbox", name="Franprix").check()
    opened.get_by_role("radio", name="Frais bancaires (62780000)").check()
    assert_accessible()
    opened.get_by_role("button", name="Rapprocher 1").click()
    expect(signed_in.locator("#derniere-action")).to_contain_text("Écriture BQ-000001 passée")
    entries = [moves(entry) for entry in JournalEntry.objects.order_by("pk")]
    assert entries == [
        [("60630000", "", "5.15", ""), ("44566000", "", "0.61", ""), ("51210000", "", "", "5.76")],
        [("62780000", "", "0.24", ""), ("51210000", "", "", "0.24")],
    ]
