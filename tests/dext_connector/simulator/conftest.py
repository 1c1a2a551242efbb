"""A user who may publish to the company, known by his password, and the address of a MEG that really serves."""

from dataclasses import dataclass

import pytest
from pytest_django.live_server_helper import LiveServer

from dext_connector.simulator import account
from dext_connector.simulator.state import start, store
from firms.models import Company
from tests.factories.firms import PASSWORD, member_of


@dataclass(frozen=True)
class Meg:
    url: str
    email: str
    company: Company


@pytest.fixture(autouse=True)
def fresh_simulator() -> None:
    """Dext as it is installed."""
    with store().change() as state:
        state.clear()
        state.update(start())


@pytest.fixture
def meg(live_server: LiveServer, company: Company) -> Meg:
    return Meg(live_server.url, member_of(company).email, company)


@pytest.fixture
def connected(meg: Meg) -> Meg:
    account.connect(base_url=meg.url, email=meg.email, password=PASSWORD)
    return meg
