"""« Ce que MEG a appris », and a run that one asks for."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from banking.matches.deciding import confirm_match
from banking.models import BankAccount, BankAlias
from firms.models import Company, Role
from tests.banking.bank_pages import HTMX, address, page
from tests.banking.test_pages_review_deeds import two_automatic
from tests.banking.test_reconciliation import run
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


def learn(account: BankAccount) -> BankAlias:
    confirm_match(match=two_automatic(account)[0], by=member_of(account.company))
    return BankAlias.objects.get()


def test_what_was_learnt_is_listed_and_forgotten(accountant: Client, account: BankAccount):
    alias = learn(account)
    html = page(accountant, account.company, "review_learnt")
    assert alias.key in html
    assert "Fournitures du Nord" in html
    answer = accountant.post(address(account.company, "review_forget", alias.pk), follow=True)
    assert "Oublié\u00a0:" in answer.content.decode()
    assert not BankAlias.objects.exists()
    assert "MEG n’a encore rien appris ici." in page(accountant, account.company, "review_learnt")


def test_a_reader_forgets_nothing(client: Client, account: BankAccount):
    alias = learn(account)
    client.force_login(member_of(account.company, Role.READER))
    assert "Oublier" not in page(client, account.company, "review_learnt")
    assert client.post(address(account.company, "review_forget", alias.pk)).status_code == 403


def test_what_another_company_learnt_does_not_exist_here(accountant: Client, company: Company):
    alias = learn(BankAccountFactory.create(company=CompanyFactory.create(firm=company.firm)))
    assert accountant.post(address(company, "review_forget", alias.pk)).status_code == 404
    assert alias.key not in page(accountant, company, "review_learnt")


def test_the_list_of_what_was_learnt_costs_the_same_for_many(
    accountant: Client, account: BankAccount, django_assert_max_num_queries
):
    alias = learn(account)
    for number in range(60):
        BankAlias.objects.create(
            company=account.company,
            supplier=alias.supplier,
            kind="label",
            key=f"MOT {number}",
            learnt_at=timezone.now(),
        )
    with django_assert_max_num_queries(6):
        html = page(accountant, account.company, "review_learnt")
    following = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert accountant.get(following).content.decode().count("Oublier") > 1


def test_a_run_is_asked_for_and_looked_for_each_second(
    accountant: Client, account: BankAccount, django_capture_on_commit_callbacks
):
    cache.delete(f"match-waits:{account.company_id}")
    with django_capture_on_commit_callbacks() as asked:
        html = accountant.post(address(account.company, "review_ask"), headers=HTMX).content.decode()
    assert len(asked) == 1
    assert "Recherche en cours" in html
    poll = html.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert 'hx-trigger="load delay:1s"' in html
    assert "Recherche en cours" in accountant.get(poll, headers=HTMX).content.decode()
    two_automatic(account)
    html = accountant.get(poll, headers=HTMX).content.decode()
    assert "Recherche finie" in html
    assert "2\u00a0rapprochements automatiques, 0\u00a0suggestion en attente" in html
    assert "hx-trigger" not in html


def test_a_run_that_came_before_is_not_taken_for_the_one_asked_for(accountant: Client, account: BankAccount):
    run(account)
    place = accountant.post(address(account.company, "review_ask"))["Location"]
    assert "Recherche en cours" in accountant.get(place).content.decode()


@pytest.mark.parametrize(
    ("waited", "words"), [(30, "n’est pas encore finie"), (900, "n’a pas eu lieu. Demandez-la de nouveau.")]
)
def test_a_run_that_does_not_come_is_said(accountant: Client, account: BankAccount, waited: int, words: str):
    asked = (timezone.now() - timedelta(seconds=waited)).isoformat()
    html = accountant.get(address(account.company, "review_progress"), {"relance": asked}).content.decode()
    assert words in html


@pytest.mark.parametrize("asked", ["", "hier", "2019-13-45T00:00:00+00:00", "2019-01-01T00:00:00"])
def test_a_moment_that_is_none_asks_for_nothing(accountant: Client, account: BankAccount, asked: str):
    html = accountant.get(address(account.company, "review"), {"relance": asked}).content.decode()
    assert "Recherche" not in html.replace("Relancer la recherche", "")
