"""Who looks at the bank of which company."""

import pytest
from django.test import Client

from banking.models import BankAccount
from firms.models import Company
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


@pytest.fixture
def accountant(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client
