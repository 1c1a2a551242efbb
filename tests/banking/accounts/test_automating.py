"""How far the machine may go on an account: automatic, observed or not at all, and up to which amount."""

from decimal import Decimal

import pytest
from django.test import Client

from achats.models import Settlement
from banking.matches.deciding import confirm_match, refuse_match
from banking.matches.settlements import pairing
from banking.models import BankAccount, Match, MatchState
from firms.models import Event, Role
from tests.banking.bank_pages import address, page
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def a_certain_pair(account: BankAccount, amount: str = "12.00") -> Match:
    invoice = an_invoice(account, gross_amount=Decimal(amount))
    line = a_line(account, amount=-Decimal(amount))
    run(account)
    return Match.objects.get(invoice=invoice, transaction=line)


def set_to(account: BankAccount, automation: str, cap: Decimal | None = None) -> None:
    account.automation, account.automatic_cap = automation, cap
    account.save()


def test_an_account_in_observation_only_says_what_would_have_been_automatic(account: BankAccount):
    set_to(account, "observed")
    match = a_certain_pair(account)
    assert (match.state, match.is_observed, match.rank) == (MatchState.SUGGESTED, True, 1)
    assert match.invoice.settlement == Settlement.UNSETTLED
    assert pairing([match], []).obstacles == ["Pas automatique\u00a0: ce compte est en observation"]


def test_on_an_account_in_observation_a_doubtful_pair_is_not_said_to_be_certain(account: BankAccount):
    set_to(account, "observed")
    an_invoice(account)
    a_line(account, label="CHEQUE 0012452")
    run(account)
    assert not Match.objects.get().is_observed


def test_another_account_goes_on_by_itself(account: BankAccount):
    set_to(account, "observed")
    assert a_certain_pair(BankAccountFactory.create(company=account.company), "47.10").state == MatchState.AUTO


def test_once_observation_ends_the_machine_makes_what_it_had_only_said(account: BankAccount):
    set_to(account, "observed")
    match = a_certain_pair(account)
    set_to(account, "on")
    run(account)
    match.refresh_from_db()
    assert (match.state, match.is_observed) == (MatchState.AUTO, False)


def test_above_the_cap_of_its_account_a_person_decides(account: BankAccount):
    set_to(account, "on", Decimal("11.99"))
    match = a_certain_pair(account)
    assert match.state == MatchState.SUGGESTED
    assert pairing([match], []).obstacles == ["Pas automatique\u00a0: le montant dépasse le plafond de ce compte"]
    set_to(account, "on", Decimal("12.00"))
    run(account)
    match.refresh_from_db()
    assert match.state == MatchState.AUTO


def test_what_people_then_said_of_what_was_observed_is_counted(accountant: Client, account: BankAccount):
    set_to(account, "observed")
    person = member_of(account.company)
    confirm_match(match=a_certain_pair(account), by=person)
    refuse_match(match=a_certain_pair(account, "31.07"), by=person)
    a_certain_pair(account, "47.10")
    html = page(accountant, account.company, "automation", account.pk).replace("\u00a0", " ")
    assert "3 rapprochements auraient été automatiques : 1 confirmé, 1 refusé ou défait, 1 en attente." in html


def test_the_review_marks_and_counts_what_would_have_been_automatic(accountant: Client, account: BankAccount):
    set_to(account, "observed")
    a_certain_pair(account)
    html = page(accountant, account.company, "review").replace("\u00a0", " ")
    assert "En observation : 1 ligne aurait été rapprochée automatiquement." in html
    assert "Aurait rapproché seul" in html


def test_a_person_sets_it_on_the_page_of_the_account_and_it_is_told(accountant: Client, account: BankAccount):
    place = address(account.company, "automation", account.pk)
    answer = accountant.post(place, {"automation": "observed", "cap": "2 000,50"}, follow=True)
    assert "réglages enregistrés" in answer.content.decode()
    account.refresh_from_db()
    assert (account.automation, account.automatic_cap) == ("observed", Decimal("2000.50"))
    event = Event.objects.get(kind="bank_account.automation_changed")
    assert event.changes == {"automation": ["on", "observed"], "automatic_cap": [None, "2000.50"]}
    assert 'value="2\u202f000,50"' in answer.content.decode() or 'value="2\u00a0000,50"' in answer.content.decode()
    accountant.post(place, {"automation": "observed", "cap": "2000,5"})
    assert Event.objects.filter(kind="bank_account.automation_changed").count() == 1


@pytest.mark.parametrize("cap", ["-5", "0", "beaucoup", "9" * 19])
def test_a_cap_that_is_no_amount_is_refused_with_words(accountant: Client, account: BankAccount, cap: str):
    answer = accountant.post(address(account.company, "automation", account.pk), {"automation": "on", "cap": cap})
    assert answer.status_code == 422
    assert "Écrivez un montant positif" in answer.content.decode()


def test_a_reader_sees_the_settings_and_changes_nothing(client: Client, account: BankAccount):
    client.force_login(member_of(account.company, Role.READER))
    assert "Automatique." in page(client, account.company, "automation", account.pk)
    assert client.post(address(account.company, "automation", account.pk), {"automation": "off"}).status_code == 403


def test_the_account_of_another_company_does_not_exist_here(accountant: Client, account: BankAccount):
    other = BankAccountFactory.create(company=CompanyFactory.create(firm=account.company.firm))
    assert accountant.get(address(account.company, "automation", other.pk)).status_code == 404
