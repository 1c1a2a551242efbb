"""The bank pages: accounts, lines, imports, payment methods."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from banking.models import BankAccount, BankStatement, PaymentMethodMapping
from firms.models import Company, Role
from tests.banking.bank_pages import MOVES, address, page, statement
from tests.banking.statements.writers import cfonb
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import PaymentMethodFactory, PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory, BankStatementFactory
from tests.factories.firms import CompanyFactory, member_of

# Accounts and lines


def test_an_account_says_its_balance_its_age_and_what_waits(accountant: Client, account: BankAccount):
    today = timezone.localdate()
    for days, amount in ((40, "1.00"), (33, "12345.67")):
        BankStatementFactory.create(
            account=account, closing_on=today - timedelta(days=days), closing_amount=Decimal(amount)
        )
    a_line(account)
    html = page(accountant, account.company, "accounts")
    assert "12\u00a0345,67\u00a0€" in html
    assert "Il y a 33 jours" in html
    assert f'{address(account.company, "transactions", account.pk)}?onglet=a-traiter">1<' in html
    BankStatement.objects.update(closing_on=today)
    assert "À jour" in page(accountant, account.company, "accounts")


def test_a_company_without_an_account_is_led_to_the_import(accountant: Client, company: Company):
    assert address(company, "imports") in page(accountant, company, "accounts")


def test_a_debit_and_a_credit_stand_in_two_columns(accountant: Client, account: BankAccount):
    a_line(account, amount=Decimal("-1743.54"), label="PRLV SEPA ORANGE")
    a_line(account, amount=Decimal("212.40"), label="VIR EDF REMBT")
    html = page(accountant, account.company, "transactions", account.pk)
    assert '<td class="c-2 num">1\u00a0743,54</td>' in html
    assert 'data-label="+">212,40</td>' in html


def test_a_matched_line_leaves_what_is_to_be_done_and_names_its_invoice(accountant: Client, account: BankAccount):
    PurchaseInvoiceFactory.create(company=account.company)
    a_line(account)
    run(account)
    html = page(accountant, account.company, "transactions", account.pk)
    assert "Rien à traiter sur ce compte" in html
    html = page(accountant, account.company, "transactions", account.pk, query="?onglet=tout")
    assert "Rapproché (auto)" in html
    assert "Fournitures du Nord" in html


@pytest.mark.parametrize("search", ["orange", "1743,54", "1 743,54", "sepa ORANGE"])
def test_a_line_is_found_by_its_label_or_amount(accountant: Client, account: BankAccount, search: str):
    a_line(account, amount=Decimal("-1743.54"), label="PRLV SEPA ORANGE")
    a_line(account, label="CB FRANPRIX")
    html = page(accountant, account.company, "transactions", account.pk, query=f"?q={search}")
    assert "PRLV SEPA ORANGE" in html
    assert "CB FRANPRIX" not in html


def test_the_number_of_queries_does_not_grow_with_the_lines(
    accountant: Client, account: BankAccount, django_assert_max_num_queries
):
    a_line(account)
    page(accountant, account.company, "transactions", account.pk)
    with django_assert_max_num_queries(7):
        page(accountant, account.company, "transactions", account.pk)
    for number in range(20):
        PurchaseInvoiceFactory.create(company=account.company, supplier_name=f"F{number}")
        a_line(account, label="CHEQUE")
        BankAccountFactory.create(company=account.company)
    run(account)
    with django_assert_max_num_queries(7):
        page(accountant, account.company, "transactions", account.pk)
    with django_assert_max_num_queries(5):
        page(accountant, account.company, "accounts")


def test_an_account_of_another_company_does_not_exist_here(accountant: Client, company: Company):
    theirs = BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm), label="Compte du voisin")
    assert accountant.get(address(company, "transactions", theirs.pk)).status_code == 404
    assert "Compte du voisin" not in page(accountant, company, "accounts")
    assert "Compte du voisin" not in page(accountant, company, "methods")


# Imports


def test_a_statement_that_is_uploaded_becomes_lines_once(accountant: Client, company: Company):
    for expected in ("2\u00a0nouvelles · 0\u00a0connue", "0\u00a0nouvelle · 2\u00a0connues"):
        sent = {"statements": [statement(cfonb(MOVES))], "create_account": "on"}
        answer = accountant.post(address(company, "imports"), sent, follow=True)
        assert answer.redirect_chain == [(address(company, "imports"), 302)]
        assert expected in answer.content.decode()
    assert company.bank_transactions.count() == 2


def test_an_unknown_account_is_not_made_unless_one_asks(accountant: Client, company: Company):
    answer = accountant.post(address(company, "imports"), {"statements": [statement(cfonb(MOVES))]}, follow=True)
    assert "Créer le compte" in answer.content.decode()
    assert not company.bank_accounts.exists()


def test_a_statement_that_does_not_add_up_is_refused_whole_and_says_by_how_much(accountant: Client, company: Company):
    sent = {"statements": [statement(cfonb(MOVES, gap=10))], "create_account": "on"}
    html = accountant.post(address(company, "imports"), sent, follow=True).content.decode()
    assert "0,10" in html
    assert company.bank_transactions.count() == 0


def test_one_refused_file_does_not_stop_the_others(accountant: Client, company: Company):
    files = [statement("%PDF-1.7 non", "faux.txt"), statement(cfonb(MOVES), "bon.txt")]
    html = accountant.post(
        address(company, "imports"), {"statements": files, "create_account": "on"}, follow=True
    ).content.decode()
    assert company.bank_transactions.count() == 2
    assert "faux.txt" in html
    assert "bon.txt" in html


def test_no_file_and_an_empty_file_are_asked_for_again(accountant: Client, company: Company):
    for sent, words in (
        ({}, "Choisissez au moins un fichier."),
        ({"statements": [statement("")]}, "Ce fichier est vide"),
    ):
        answer = accountant.post(address(company, "imports"), sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_the_same_bank_account_of_two_companies_stays_two(accountant: Client, company: Company):
    theirs = BankAccountFactory.create(company=CompanyFactory.create(), key="30004-00123-00012345678")
    sent = {"statements": [statement(cfonb(MOVES))], "create_account": "on"}
    accountant.post(address(company, "imports"), sent)
    assert theirs.transactions.count() == 0
    assert company.bank_transactions.count() == 2


def test_a_filename_is_text(accountant: Client, company: Company):
    sent = {"statements": [statement("non", "<img src=x>.txt")]}
    html = accountant.post(address(company, "imports"), sent, follow=True).content.decode()
    assert "<img" not in html


# Payment methods


def test_a_payment_method_is_drawn_on_a_bank_account(accountant: Client, account: BankAccount):
    method = PaymentMethodFactory.create(company=account.company, label="Paiement Pro (1234)")
    accountant.post(address(account.company, "methods"), {f"m-{method.pk}": str(account.pk)})
    assert PaymentMethodMapping.objects.get(payment_method=method).bank_account == account
    html = page(accountant, account.company, "methods")
    assert f'value="{account.pk}" selected' in html
    accountant.post(address(account.company, "methods"), {f"m-{method.pk}": ""})
    assert not PaymentMethodMapping.objects.exists()


def test_cash_is_drawn_on_no_account(accountant: Client, company: Company):
    html = page(accountant, company, "methods")
    assert "Virement" in html
    assert "Espèces" not in html


def test_an_account_of_another_company_is_no_choice(accountant: Client, company: Company):
    method = PaymentMethodFactory.create(company=company)
    theirs = BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm))
    answer = accountant.post(address(company, "methods"), {f"m-{method.pk}": str(theirs.pk)})
    assert answer.status_code == 422
    assert not PaymentMethodMapping.objects.exists()


@pytest.mark.parametrize("name", ["imports", "methods"])
def test_a_reader_brings_and_changes_nothing(client: Client, company: Company, name: str):
    client.force_login(member_of(company, Role.READER))
    assert page(client, company, name)
    assert client.post(address(company, name), {}).status_code == 403
