"""Who looks at the purchases of which company."""

import pytest
from django.test import Client

from firms.models import Company
from tests.factories.firms import CompanyFactory, member_of


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory.create()


@pytest.fixture
def reader(client: Client, company: Company) -> Client:
    client.force_login(member_of(company))
    return client
