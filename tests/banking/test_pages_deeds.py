"""What a person decides of a match, from the page of a purchase."""

import pytest
from django.test import Client
from django.urls import reverse

from achats.models import Settlement
from banking.models import BankAccount, Match, MatchState
from firms.models import Company, Role, User
from tests.banking.bank_pages import HTMX, address, deed, settlement, suggestion
from tests.banking.test_reconciliation import a_line, run
from tests.factories.achats import PurchaseInvoiceFactory
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def test_a_suggestion_is_confirmed_and_undone_without_a_script(accountant: Client, account: BankAccount):
    match = suggestion(account)
    place = reverse("achats:detail", args=[match.company_id, match.invoice_id])
    answer = accountant.post(deed(match, "confirm") + "?onglet=pret")
    assert answer["Location"] == f"{place}?onglet=pret#reglement"
    assert settlement(match) == Settlement.SETTLED
    answer = accountant.post(deed(match, "undo"), follow=True)
    assert "Défait" in answer.content.decode()
    assert settlement(match) == Settlement.UNSETTLED


def test_with_a_script_the_panel_and_a_sentence_come_back(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = accountant.post(deed(match, "confirm"), headers=HTMX).content.decode()
    assert "<html" not in html
    assert 'id="reglement"' in html
    assert 'id="annonce"' in html
    assert "Rapproché\u00a0: Fournitures du Nord, 12,00\u00a0€." in html
    assert "Défaire" in html


def test_a_refused_pair_is_proposed_no_more(accountant: Client, account: BankAccount):
    match = suggestion(account)
    html = accountant.post(deed(match, "refuse"), headers=HTMX).content.decode()
    assert "ne sera plus proposée" in html
    run(account)
    assert not Match.objects.suggested().exists()


def test_what_changed_meanwhile_is_said_with_its_present_state(accountant: Client, account: BankAccount):
    match = suggestion(account)
    accountant.post(deed(match, "confirm"))
    answer = accountant.post(deed(match, "refuse"), headers=HTMX)
    assert answer.status_code == 409
    assert "vient d’être confirmé" in answer.content.decode()
    match.refresh_from_db()
    assert match.state == MatchState.CONFIRMED


def test_a_suggestion_that_is_gone_answers_409_with_a_sentence(accountant: Client, account: BankAccount):
    match = suggestion(account)
    place = deed(match, "confirm")
    match.delete()
    answer = accountant.post(place, headers=HTMX)
    assert answer.status_code == 409
    assert "Rien n’a été changé." in answer.content.decode()


def test_an_automatic_match_says_so_and_may_be_called_exact(accountant: Client, account: BankAccount):
    PurchaseInvoiceFactory.create(company=account.company)
    a_line(account)
    run(account)
    match = Match.objects.get()
    html = accountant.get(reverse("achats:detail", args=[match.company_id, match.invoice_id])).content.decode()
    assert "Fait par exécution automatique" in html
    assert "Exact" in html
    accountant.post(deed(match, "confirm"))
    match.refresh_from_db()
    assert match.state == MatchState.CONFIRMED


@pytest.mark.parametrize("name", ["confirm", "refuse", "undo"])
def test_only_who_keeps_the_books_decides(client: Client, account: BankAccount, name: str):
    match = suggestion(account)
    client.force_login(member_of(account.company, Role.READER))
    assert client.post(deed(match, name)).status_code == 403
    assert client.get(deed(match, name)).status_code == 405
    match.refresh_from_db()
    assert match.state == MatchState.SUGGESTED
    html = client.get(reverse("achats:detail", args=[match.company_id, match.invoice_id])).content.decode()
    assert "Suggestion" in html
    assert "Confirmer" not in html


@pytest.mark.parametrize("name", ["confirm", "refuse", "undo"])
def test_a_match_of_another_company_does_not_exist_here(accountant: Client, company: Company, name: str):
    theirs = suggestion(BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm)))
    place = address(company, name, theirs.invoice_id, theirs.pk)
    assert accountant.post(place).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == MatchState.SUGGESTED


def test_a_purchase_shows_who_refused_what_and_proposes_it_again(accountant: Client, account: BankAccount, by: User):
    match = suggestion(account)
    accountant.post(deed(match, "refuse"))
    detail = reverse("achats:detail", args=[match.company_id, match.invoice_id])
    html = accountant.get(detail).content.decode()
    assert "1\u00a0rapprochement refusé ou défait" in html
    assert f"Refusé par {by}" in html
    html = accountant.post(deed(match, "reopen"), headers=HTMX).content.decode()
    assert "Refus repris." in html
    assert f"refus repris par {by}" in html
    assert "Proposer à nouveau" not in html
    assert accountant.post(deed(match, "reopen"), headers=HTMX).status_code == 409
