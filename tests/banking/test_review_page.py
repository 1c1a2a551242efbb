"""The page « Rapprochement » as an accountant reads it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from achats.models import Kind
from banking.models import BankAccount, BankStatement, Match
from firms.models import Company, Role
from tests.banking.bank_pages import HTMX, address, page, suggestion
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def automatic(account: BankAccount, **fields: object) -> Match:
    an_invoice(account, **fields)
    a_line(account)
    run(account)
    return Match.objects.get()


def test_a_line_stands_beside_what_may_explain_it_with_its_reasons_and_what_forbade(
    accountant: Client, account: BankAccount
):
    suggestion(account)
    html = page(accountant, account.company, "review")
    for words in ("CHEQUE 0012452", "Fournitures du Nord", "Montant identique au centime", "Pas automatique\u00a0:"):
        assert words in html
    assert 'À traiter <span class="count">1</span>' in html
    assert 'Automatiques à relire <span class="count">0</span>' in html
    assert "Reste à affecter" in html


def test_what_matched_is_marked_in_the_label(accountant: Client, account: BankAccount):
    automatic(account)
    html = page(accountant, account.company, "review", query="?onglet=a-relire")
    assert "<mark>FOURNITURES</mark>" in html


def test_automatic_matches_wait_to_be_read_and_stand_among_those_made(accountant: Client, account: BankAccount):
    match = automatic(account)
    assert f"l-{match.transaction_id}" not in page(accountant, account.company, "review")
    for tab in ("a-relire", "rapprochees", "toutes"):
        html = page(accountant, account.company, "review", query=f"?onglet={tab}")
        assert f"l-{match.transaction_id}" in html
        assert "Exact" in html
        assert "Fait par exécution automatique" in html


def test_the_open_line_is_the_one_asked_for_else_the_first_that_waits(accountant: Client, account: BankAccount):
    older = a_line(account, booked_on=date(2019, 9, 1), label="VIR SEPA INCONNU")
    newer = a_line(account, booked_on=date(2019, 9, 20), label="VIR SEPA AUTRE")
    html = page(accountant, account.company, "review")
    assert f'id="o-{newer.pk}"' in html.split('aria-expanded="true"')[0].rsplit("<a", 1)[1]
    html = page(accountant, account.company, "review", query=f"?ligne={older.pk}")
    assert f'id="o-{older.pk}"' in html.split('aria-expanded="true"')[0].rsplit("<a", 1)[1]


def test_a_payment_of_several_is_told_in_words(accountant: Client, account: BankAccount):
    for amount, kind in (("10.00", Kind.INVOICE), ("5.50", Kind.INVOICE), ("2.00", Kind.CREDIT_NOTE)):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None, kind=kind)
    a_line(account, amount=Decimal("-13.50"), label="VIR SEPA FOURNITURES DU NORD")
    run(account)
    html = page(accountant, account.company, "review", query="?onglet=toutes")
    assert "2\u00a0factures, moins 1\u00a0avoir\u00a0: Fournitures du Nord" in html


def test_one_account_is_chosen(accountant: Client, account: BankAccount):
    other = BankAccountFactory.create(company=account.company, label="Carte Pro")
    mine, theirs = a_line(account, label="CHEQUE 0000001"), a_line(other, label="CHEQUE 0000002")
    html = page(accountant, account.company, "review", query=f"?compte={account.pk}")
    assert mine.label in html
    assert theirs.label not in html
    assert 'À traiter <span class="count">1</span>' in html


def test_the_list_is_cut_in_pages_of_25(accountant: Client, account: BankAccount):
    for number in range(27):
        a_line(account, label=f"CHEQUE {number:07d}", booked_on=date(2019, 9, 1 + number))
    html = page(accountant, account.company, "review")
    assert html.count("data-folds") == 25
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert accountant.get(following).content.decode().count("data-folds") == 2


def test_automatic_matches_are_cut_in_pages_newest_first(accountant: Client, account: BankAccount):
    for number in range(27):
        name = f"Maison {chr(65 + number % 26)}{chr(65 + number // 26)}rtaud"
        an_invoice(account, supplier_name=name, gross_amount=Decimal(20 + number), vat_amount=None)
        a_line(account, amount=Decimal(-20 - number), label=f"CB {name.upper()} 2509")
    run(account)
    html = page(accountant, account.company, "review", query="?onglet=a-relire")
    first = html.count("data-folds")
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert (first, accountant.get(following).content.decode().count("data-folds")) == (25, 2)


def test_each_empty_list_says_what_comes_next(accountant: Client, account: BankAccount):
    line = a_line(account, label="CHEQUE 0000001")
    line.delete()
    BankStatement.objects.update(closing_on=date(2019, 9, 13))
    html = page(accountant, account.company, "review")
    assert "Tout est rapproché jusqu’au 13/09/2019." in html
    assert "Importer la suite" in html
    html = page(accountant, account.company, "review", query="?onglet=a-relire")
    assert "Tous les rapprochements automatiques sont relus." in html


def test_a_company_without_a_statement_is_led_to_the_import(accountant: Client, company: Company):
    html = page(accountant, company, "review")
    assert "Aucun relevé bancaire" in html
    assert address(company, "imports") in html


@pytest.mark.parametrize("tab", ["a-traiter", "suggestions", "a-relire", "rapprochees", "toutes"])
def test_the_page_costs_nine_queries_at_most_whatever_its_rows(
    accountant: Client, account: BankAccount, tab: str, django_assert_max_num_queries
):
    for number in range(6):
        name = f"Maison Numéro {number}"
        an_invoice(account, supplier_name=name, gross_amount=Decimal(10 + number), vat_amount=None)
        a_line(account, amount=Decimal(-10 - number), label="CHEQUE 0012452" if number % 2 else f"CB {name.upper()}")
    for amount in ("30.00", "45.00"):
        an_invoice(account, gross_amount=Decimal(amount), vat_amount=None)
    a_line(account, amount=Decimal("-75.00"), label="VIR SEPA FOURNITURES DU NORD")
    run(account)
    with django_assert_max_num_queries(9):
        assert accountant.get(address(account.company, "review") + f"?onglet={tab}").status_code == 200


def test_a_reader_sees_the_pairs_and_no_deed(client: Client, account: BankAccount):
    match = suggestion(account)
    client.force_login(member_of(account.company, Role.READER))
    html = page(client, account.company, "review")
    assert "Fournitures du Nord" in html
    for words in ("Confirmer", "Refuser", "Chercher", "Relancer", 'type="radio"'):
        assert words not in html
    for name, args in (("review_decide", [match.transaction_id]), ("review_match", [match.transaction_id])):
        assert client.post(address(account.company, name, *args)).status_code == 403
    for name in ("review_ask", "review_undo_many", "review_confirm_page"):
        assert client.post(address(account.company, name)).status_code == 403


def test_a_line_of_another_company_does_not_exist_here(accountant: Client, company: Company):
    theirs = suggestion(BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm)))
    for name in ("review_pair", "review_search"):
        assert accountant.get(address(company, name, theirs.transaction_id)).status_code == 404
    for name in ("review_decide", "review_match"):
        answer = accountant.post(address(company, name, theirs.transaction_id), {"match": str(theirs.pk)})
        assert answer.status_code == 404
    assert theirs.transaction.label not in page(accountant, company, "review", query="?onglet=toutes")


def test_a_pair_alone_is_read_anew(accountant: Client, account: BankAccount):
    match = suggestion(account)
    place = address(account.company, "review_pair", match.transaction_id)
    html = accountant.get(place, headers=HTMX).content.decode()
    assert "<html" not in html
    assert "Fournitures du Nord" in html
    assert accountant.get(place)["Location"].endswith(f"ligne={match.transaction_id}#l-{match.transaction_id}")


def test_the_head_says_how_many_lines_wait_and_for_how_much(accountant: Client, account: BankAccount):
    assert "de débits" not in page(accountant, account.company, "review")
    partly = a_line(account, amount=Decimal("-1743.54"), label="CHEQUE 0000001")
    a_line(account, amount=Decimal("-56.46"), label="CHEQUE 0000002")
    a_line(account, amount=Decimal("12.00"), label="REMISE CHEQUE")
    partly.allocated_cents = 10_000
    partly.save()
    html = page(accountant, account.company, "review")
    assert "3\u00a0lignes · 1\u00a0700,00\u00a0€ de débits · 12,00\u00a0€ de crédits" in html


def test_the_lines_with_a_suggestion_are_read_alone(accountant: Client, account: BankAccount):
    html = page(accountant, account.company, "review", query="?onglet=suggestions")
    assert "Aucun relevé bancaire" not in html
    match = suggestion(account)
    alone = a_line(account, label="FRAIS DE TENUE DE COMPTE", amount=Decimal("-24.50"))
    html = page(accountant, account.company, "review", query="?onglet=suggestions")
    assert 'Avec suggestion <span class="count">1</span>' in html
    assert match.transaction.label in html
    assert alone.label not in html
    decided = {"geste": "refuser", "match": str(match.pk)}
    accountant.post(address(account.company, "review_decide", match.transaction_id), decided)
    html = page(accountant, account.company, "review", query="?onglet=suggestions")
    assert "Aucune suggestion n’attend." in html
    assert "Traiter 2\u00a0lignes" in html


def test_the_head_says_whether_the_balances_hold(accountant: Client, account: BankAccount):
    assert "juste jusqu’au" not in page(accountant, account.company, "review")
    BankAccount.objects.update(right_until=date(2019, 9, 13))
    html = page(accountant, account.company, "review", query=f"?compte={account.pk}")
    assert "juste jusqu’au 13/09/2019" in html
    BankAccount.objects.update(discrepancy_since=date(2019, 9, 14), discrepancy=Decimal("12.00"))
    html = page(accountant, account.company, "review")
    assert "12,00\u00a0€" in html
    assert f"{address(account.company, 'transactions', account.pk)}?onglet=tout" in html
