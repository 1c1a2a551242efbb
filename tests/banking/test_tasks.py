"""A company is matched soon after a change, once for a burst of them."""

import pytest
from django.db import transaction

from banking.match_asking import ask_for_match
from banking.models import MatchRun
from banking.tasks import match_company
from tests.factories.firms import CompanyFactory
from tests.worker import messages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_worker")]


def test_a_burst_of_changes_costs_one_message():
    company = CompanyFactory.create()
    for _ in range(20):
        ask_for_match(company_id=company.pk)
    assert messages() == 1


def test_nothing_is_asked_before_the_commit_nor_after_a_rollback():
    company = CompanyFactory.create()
    with transaction.atomic():
        ask_for_match(company_id=company.pk)
        assert messages() == 0
        transaction.set_rollback(True)
    assert messages() == 0


def test_a_change_during_a_run_asks_for_another_one():
    company = CompanyFactory.create()
    ask_for_match(company_id=company.pk)
    match_company(company_id=str(company.pk))
    ask_for_match(company_id=company.pk)
    assert messages() == 2
    assert MatchRun.objects.filter(company=company).count() == 1


def test_one_company_does_not_wait_for_another():
    ask_for_match(company_id=CompanyFactory.create().pk)
    ask_for_match(company_id=CompanyFactory.create().pk)
    assert messages() == 2
