"""Who looks at the bank of which company."""

import pytest
from django.test import Client

from banking.models import BankAccount
from firms.models import Company, User
from tests.factories.banking import BankAccountFactory
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def account(company: Company) -> BankAccount:
    return BankAccountFactory.create(company=company)


@pytest.fixture
def by(company: Company) -> User:
    return member_of(company)


@pytest.fixture
def accountant(client: Client, by: User) -> Client:
    client.force_login(by)
    return client
