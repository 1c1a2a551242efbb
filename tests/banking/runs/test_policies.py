"""By nights a company's weights follow what its people answered; they are shown, and forgotten."""

from datetime import timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from banking.matching.weights import UNTRAINED
from banking.models import BankAccount, Match, MatchingPolicy, MatchState
from banking.runs.facts import read_facts
from banking.runs.policies import fit_firm
from banking.tasks import learn_weights_of_firm
from firms.models import Company, Event, Role
from tests.banking.bank_pages import address, page
from tests.banking.test_reconciliation import a_line, an_invoice, run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def answered(account: BankAccount, state: str, count: int) -> None:
    """As many answers to one kind of pair that the machine settles, without as many purchases."""
    an_invoice(account)
    a_line(account)
    run(account)
    made = Match.objects.get(company=account.company, state=MatchState.AUTO)
    person, now = member_of(account.company), timezone.now()
    line = a_line(account, amount=Decimal("-99.99"), label="VIR")
    invoices = [an_invoice(account, gross_amount=Decimal("98.99")) for _ in range(count)]
    Match.objects.bulk_create(
        Match(company=account.company, invoice=invoice, transaction=line, amount_cents=1, state=state,
              record=made.record, decided_at=now, decided_by=person)
        for invoice in invoices
    )  # fmt: skip


def learn(account: BankAccount) -> MatchingPolicy:
    learn_weights_of_firm(firm_id=str(account.company.firm_id))
    return MatchingPolicy.objects.get(company=account.company)


def test_what_people_undo_makes_the_machine_of_their_company_more_careful(account: BankAccount):
    answered(account, "undone", 6)
    policy = learn(account)
    assert policy.weights.proven > UNTRAINED.proven
    assert (policy.version, policy.confirmed, policy.refused) == (1, 0, 6)
    assert policy.before == {"shares": {}, "proven": UNTRAINED.proven}
    assert read_facts(account.company_id).policy.weights == policy.weights
    event = Event.objects.get(kind="company.matching_learnt")
    assert event.changes == {"proven": [UNTRAINED.proven, policy.proven]}


def test_a_night_without_news_changes_nothing(account: BankAccount):
    answered(account, "undone", 6)
    before = learn(account)
    assert learn(account).version == before.version
    assert Event.objects.filter(kind="company.matching_learnt").count() == 1


def test_few_confirmations_are_counted_and_change_nothing(account: BankAccount):
    answered(account, "confirmed", 3)
    policy = learn(account)
    assert (policy.weights, policy.confirmed, policy.version) == (UNTRAINED, 3, 0)


def test_nothing_that_one_firm_learnt_reaches_another(account: BankAccount):
    other = BankAccountFactory.create()
    answered(account, "undone", 6)
    learn(account)
    fit_firm(firm_id=other.company.firm_id, at=timezone.now())
    assert read_facts(other.company_id).policy.weights == UNTRAINED


def test_a_company_without_answers_takes_what_its_firm_learnt(account: BankAccount):
    other = BankAccountFactory.create(company=CompanyFactory.create(firm=account.company.firm))
    answered(account, "undone", 6)
    learn(account)
    assert read_facts(other.company_id).policy.weights.proven > UNTRAINED.proven


def test_what_was_learnt_is_shown_and_forgotten_for_good(accountant: Client, account: BankAccount):
    answered(account, "undone", 6)
    learn(account)
    html = page(accountant, account.company, "review_learnt").replace("\u00a0", " ")
    assert "MEG a appris de 0 confirmation et de 6 refus" in html
    assert "de preuves en plus pour rapprocher sans vous" in html
    answer = accountant.post(address(account.company, "review_forget_weights"), follow=True)
    assert "repart de ses réglages d’origine" in answer.content.decode()
    assert learn(account).weights == UNTRAINED


def test_what_is_answered_after_forgetting_teaches_again(accountant: Client, account: BankAccount):
    answered(account, "undone", 6)
    accountant.post(address(account.company, "review_forget_weights"))
    Match.objects.filter(state="undone").update(decided_at=timezone.now() + timedelta(seconds=1))
    assert learn(account).weights != UNTRAINED


def test_a_reader_forgets_no_weights(client: Client, company: Company):
    client.force_login(member_of(company, Role.READER))
    assert client.post(address(company, "review_forget_weights")).status_code == 403
