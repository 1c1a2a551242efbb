"""What the imports page asks of a file that does not say it, and what it takes back."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from banking.models import BankAccount, BankTransaction, CsvMapping, ImportState, StatementImport
from firms.models import Company, Role
from tests.banking.bank_pages import HTMX, MOVES, address, page, statement
from tests.banking.statements.writers import Move, cfonb, ofx
from tests.banking.test_reconciliation import run
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, StatementImportFactory
from tests.factories.firms import member_of

QIF = "!Type:Bank\nD05/11/2026\nT-124,80\nPEDF\n^\n"
IBAN = "FR7630004001230001234567843"
CSV = "Jour;Intitulé;Sortie;Entrée\n05/11/2026;PRLV EDF;1 204,35;\n13/11/2026;VIR ACME;;2 400,00\n"
NAMED = {"c0": "booked_on", "c1": "label", "c2": "debit", "c3": "credit", "date_order": "dmy", "name": "Banque Test"}


def upload(client: Client, company: Company, text: str, name: str = "releve.txt", **fields: str) -> StatementImport:
    sent = {"statements": [statement(text, name)], **fields}
    assert client.post(address(company, "imports"), sent).status_code == 302
    return company.statement_imports.latest("pk")


def answered(client: Client, brought: StatementImport, **fields: str) -> StatementImport:
    client.post(address(brought.company, "answer", brought.pk), fields)
    brought.refresh_from_db()
    return brought


# The account


def test_an_unknown_account_is_made_at_one_press(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES))
    assert brought.state == ImportState.NEEDS_ACCOUNT
    assert IBAN in page(accountant, company, "imports")
    assert answered(accountant, brought, create="1").state == ImportState.DONE
    assert company.bank_accounts.get().transactions.count() == 2


def test_an_account_that_is_chosen_is_recognised_the_next_time(accountant: Client, account: BankAccount):
    BankAccount.objects.update(last_four="5678")
    brought = upload(accountant, account.company, cfonb(MOVES))
    assert f'value="{account.pk}"' in page(accountant, account.company, "imports")
    assert answered(accountant, brought, account=str(account.pk)).state == ImportState.DONE
    later = upload(accountant, account.company, cfonb([Move(date(2026, 12, 2), -100)], opening=9_515))
    assert (later.state, account.transactions.count()) == (ImportState.DONE, 3)


def test_an_account_that_the_file_contradicts_cannot_be_chosen(accountant: Client, account: BankAccount):
    BankAccount.objects.update(number="00099998888", last_four="8888")
    brought = upload(accountant, account.company, cfonb(MOVES))
    assert f'value="{account.pk}"' not in page(accountant, account.company, "imports")
    assert answered(accountant, brought, account=str(account.pk)).state == ImportState.NEEDS_ACCOUNT
    assert account.transactions.count() == 0


def test_an_account_of_another_company_is_no_answer(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES))
    theirs = BankAccountFactory.create()
    assert answered(accountant, brought, account=str(theirs.pk)).state == ImportState.NEEDS_ACCOUNT
    assert theirs.transactions.count() == 0


# Account and order of the dates


def test_a_qif_is_told_its_account_and_the_order_of_its_dates(accountant: Client, account: BankAccount):
    brought = upload(accountant, account.company, QIF)
    html = page(accountant, account.company, "imports")
    assert "5\u00a0novembre 2026" in html
    assert "11\u00a0mai 2026" in html
    brought = answered(accountant, brought, account=str(account.pk))
    assert brought.state == ImportState.NEEDS_TELLING
    assert answered(accountant, brought, date_order="mdy").state == ImportState.DONE
    assert account.transactions.get().booked_on == date(2026, 5, 11)


def test_the_account_of_a_silent_file_may_be_new_by_its_iban(accountant: Client, company: Company):
    brought = upload(accountant, company, QIF)
    assert answered(accountant, brought, iban="FR00", date_order="dmy").state == ImportState.NEEDS_TELLING
    assert not company.bank_accounts.exists()
    assert answered(accountant, brought, iban=IBAN, date_order="dmy").state == ImportState.DONE
    assert company.bank_accounts.get().iban == IBAN


def test_an_answer_that_says_nothing_changes_nothing(accountant: Client, company: Company):
    brought = upload(accountant, company, QIF)
    answer = accountant.post(address(company, "answer", brought.pk), {}, follow=True)
    assert "Indiquez ce qui manque" in answer.content.decode()
    brought.refresh_from_db()
    assert brought.state == ImportState.NEEDS_TELLING


def test_an_answer_to_an_import_that_is_over_is_too_late(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES), create_account="on")
    answer = accountant.post(address(company, "answer", brought.pk), {"date_order": "dmy"}, follow=True)
    assert "a changé entre-temps" in answer.content.decode()
    brought.refresh_from_db()
    assert brought.state == ImportState.DONE


# Columns


def test_unknown_columns_are_shown_with_what_their_names_suppose(accountant: Client, company: Company):
    brought = upload(accountant, company, CSV, "banque.csv")
    assert address(company, "columns", brought.pk) in page(accountant, company, "imports")
    html = page(accountant, company, "columns", brought.pk)
    assert "VIR ACME" in html
    assert html.count(" selected") >= 4
    assert '<option value="dmy" selected>' in html


def test_columns_say_what_they_read_before_they_are_kept(accountant: Client, company: Company):
    brought = upload(accountant, company, CSV, "banque.csv")
    sent = {**NAMED, "name": "", "verify": "1"}
    html = accountant.post(address(company, "columns", brought.pk), sent, headers=HTMX).content.decode()
    assert "2\u00a0dates lues, somme 1\u00a0195,65\u00a0€" in html
    assert "<html" not in html
    assert not CsvMapping.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"c0": ""}, "Indiquez la colonne de la date."),
        ({"c1": ""}, "Indiquez la colonne du libellé."),
        ({"c3": "debit"}, "Deux colonnes sont"),
        ({"c2": "", "c3": ""}, "Indiquez une colonne Montant"),
        ({"date_order": ""}, "Choisissez l’ordre des dates."),
        ({"date_order": "mdy"}, "illisible"),
        ({"name": ""}, "Nommez ce modèle"),
    ],
)
def test_columns_that_cannot_serve_are_refused_in_words(accountant: Client, company: Company, change: dict, words: str):
    brought = upload(accountant, company, CSV, "banque.csv")
    answer = accountant.post(address(company, "columns", brought.pk), NAMED | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CsvMapping.objects.exists()


def test_named_columns_are_kept_and_the_next_file_is_read_without_a_question(accountant: Client, account: BankAccount):
    brought = upload(accountant, account.company, CSV, "banque.csv")
    accountant.post(address(account.company, "columns", brought.pk), NAMED)
    brought.refresh_from_db()
    assert (brought.state, brought.asked["needs"]) == (ImportState.NEEDS_TELLING, ["account"])
    assert answered(accountant, brought, account=str(account.pk)).state == ImportState.DONE
    assert sorted(line.amount for line in account.transactions.all()) == [Decimal("-1204.35"), Decimal("2400.00")]
    assert upload(accountant, account.company, CSV + "20/11/2026;CB;1,00;\n").state == ImportState.NEEDS_TELLING


def test_columns_named_in_one_company_are_not_anothers(accountant: Client, account: BankAccount, client: Client):
    brought = upload(accountant, account.company, CSV, "banque.csv")
    accountant.post(address(account.company, "columns", brought.pk), NAMED)
    other = BankAccountFactory.create()
    client.force_login(member_of(other.company))
    assert upload(client, other.company, CSV).state == ImportState.NEEDS_COLUMNS


# Progress


def test_a_large_file_waits_for_the_worker_and_its_row_is_polled(
    accountant: Client, company: Company, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("banking.imports.importing.AT_ONCE_BYTES", 10)
    brought = upload(accountant, company, cfonb(MOVES), create_account="on")
    assert brought.state == ImportState.WAITING
    polled = f'hx-get="{address(company, "import", brought.pk)}"'
    assert polled in page(accountant, company, "imports")
    row = accountant.get(address(company, "import", brought.pk), headers=HTMX).content.decode()
    assert "<progress" in row
    assert "<html" not in row
    StatementImport.objects.update(state=ImportState.REFUSED)
    assert "hx-get" not in accountant.get(address(company, "import", brought.pk), headers=HTMX).content.decode()


def test_an_upload_by_htmx_is_answered_with_the_page_to_go_to(accountant: Client, company: Company):
    sent = {"statements": [statement(cfonb(MOVES))], "create_account": "on"}
    answer = accountant.post(address(company, "imports"), sent, headers=HTMX)
    assert answer["HX-Redirect"] == address(company, "imports")


# Taking back


def test_an_import_is_taken_back_with_the_lines_on_which_nobody_decided(accountant: Client, company: Company):
    PurchaseInvoiceFactory.create(company=company)
    lines = [Move(date(2019, 9, 26), -1_200, "CB FOURNITURES DU NORD 2509 LILLE"), Move(date(2019, 9, 27), -5, "CB X")]
    text = cfonb(lines, opening_on=date(2019, 8, 31), closing_on=date(2019, 9, 30))
    brought = upload(accountant, company, text, create_account="on")
    run(company.bank_accounts.get())
    asked = page(accountant, company, "imports")
    assert "Annuler cet import\u00a0: 1\u00a0ligne retirée, 1\u00a0rapprochée reste." in asked
    answer = accountant.post(address(company, "withdraw", brought.pk), follow=True).content.decode()
    assert "Import annulé" in answer
    assert [line.amount for line in company.bank_transactions.all()] == [Decimal("-12.00")]
    brought.refresh_from_db()
    assert (brought.state, brought.withdrawn_by is None) == (ImportState.WITHDRAWN, False)
    assert company.bank_statements.count() == 1


def test_statements_without_a_line_go_and_the_file_may_come_again(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES), create_account="on")
    accountant.post(address(company, "withdraw", brought.pk))
    assert (company.bank_statements.count(), company.bank_transactions.count()) == (0, 0)
    again = upload(accountant, company, cfonb(MOVES))
    assert (again.state, again.added) == (ImportState.DONE, 2)


def test_lines_for_which_another_file_vouches_come_back(
    accountant: Client, company: Company, django_capture_on_commit_callbacks
):
    from django.utils import timezone

    from banking.imports.importing import read_import

    first = upload(accountant, company, ofx(MOVES[:1], end=date(2026, 11, 11)), create_account="on")
    second = upload(accountant, company, ofx(MOVES))
    assert (second.added, second.known) == (1, 1)
    accountant.post(address(company, "withdraw", first.pk))
    assert company.bank_transactions.count() == 1
    read_import(import_id=second.pk, at=timezone.now())
    second.refresh_from_db()
    assert (second.state, second.added, second.known) == (ImportState.DONE, 2, 0)
    assert company.bank_transactions.count() == 2


def test_an_import_is_taken_back_once(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES), create_account="on")
    accountant.post(address(company, "withdraw", brought.pk))
    answer = accountant.post(address(company, "withdraw", brought.pk), follow=True)
    assert "a changé entre-temps" in answer.content.decode()


def test_an_account_has_the_imports_that_spoke_of_it_with_what_takes_them_back(accountant: Client, company: Company):
    brought = upload(accountant, company, cfonb(MOVES), create_account="on")
    account = company.bank_accounts.get()
    other = upload(accountant, company, cfonb(MOVES, number="00099998888"), "autre.txt", create_account="on")
    here = address(company, "account_imports", account.pk)
    assert here in page(accountant, company, "transactions", account.pk)
    html = page(accountant, company, "account_imports", account.pk)
    assert address(company, "withdraw", brought.pk) in html
    assert str(other.pk) not in html
    assert accountant.get(address(company, "account_imports", BankAccountFactory.create().pk)).status_code == 404


# Who, and how many queries


@pytest.mark.parametrize("name", ["answer", "withdraw", "columns"])
def test_a_reader_answers_nothing(client: Client, company: Company, name: str):
    brought = StatementImportFactory.create(company=company)
    client.force_login(member_of(company, Role.READER))
    assert client.post(address(company, name, brought.pk), {}).status_code == 403


@pytest.mark.parametrize("name", ["answer", "withdraw", "columns"])
def test_an_import_of_another_company_is_not_touched(accountant: Client, company: Company, name: str):
    theirs = StatementImportFactory.create()
    accountant.post(address(company, name, theirs.pk), {"date_order": "dmy"})
    theirs.refresh_from_db()
    assert theirs.state == ImportState.DONE
    assert accountant.get(address(company, "import", theirs.pk), headers=HTMX).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_imports(
    accountant: Client, company: Company, django_assert_max_num_queries
):
    for number in range(5):
        upload(accountant, company, cfonb(MOVES, number=f"{number:011d}"), create_account="on")
        upload(accountant, company, QIF)
    page(accountant, company, "imports")
    with django_assert_max_num_queries(6):
        page(accountant, company, "imports")
    assert BankTransaction.objects.count() == 10
