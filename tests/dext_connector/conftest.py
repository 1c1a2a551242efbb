"""A company of the demonstration's kind, and Dext as a client of its API, held to what the description announces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from achats.models import MethodKind, PaymentMethod
from dext_connector.access.clients import dext_application
from dext_connector.calls.idempotency import KEY_LOCK
from dext_connector.login import give_tokens
from firms.models import Company, User
from tests.dext_connector.conformity import assert_announced
from tests.factories.firms import CompanyFactory, member_of

BASE = "/api/dext/v1/"
# One for all tests: each new one reads every static file. A thread wants its own.
HTTP = Client()


@dataclass
class DextCaller:
    """Dext with one user's token: `call` answers a response, `publish` posts one item of `company`."""

    user: User
    company: Company
    token: str
    client: Client = HTTP

    def call(self, method: str, path: str, body: Any = None, *, headers: dict | None = None, **extra) -> HttpResponse:
        if body is not None:
            extra |= {"data": body, "content_type": extra.get("content_type", "application/json")}
        send = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        answer = getattr(self.client, method)(BASE + path, headers=send, **extra)
        assert_announced(method, path, answer)
        return answer

    def call_multipart(self, method: str, path: str, parts: dict, *, headers: dict) -> HttpResponse:
        """A multipart body on `path` of the company, by a method for which Django's client does not make one."""
        body, content_type = encode_multipart(BOUNDARY, parts), MULTIPART_CONTENT
        return self.call(method, self.on_company(path), body, headers=headers, content_type=content_type)

    def get(self, path: str) -> HttpResponse:
        return self.call("get", path)

    def on_company(self, path: str) -> str:
        return f"companies/{self.company.pk}/{path}"

    def publish(self, body: Any, *, key: str = "", query: str = "", **extra) -> HttpResponse:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("post", self.on_company(f"publish/{query}"), body, headers=headers, **extra)


def calling(user: User, company: Company) -> DextCaller:
    token, _, _ = give_tokens(user=user, application=dext_application(), at=timezone.now())
    return DextCaller(user, company, token)


def item(**fields: Any) -> dict:
    """Starbucks, as the simulator's inbox has it; None leaves a field out."""
    usual = {
        "external_id": "RB-88213",
        "type": "receipt",
        "date": "2019-09-25",
        "supplier": {"name": "Starbucks"},
        "currency": "EUR",
        "total": "4.85",
        "vat_amount": "0.44",
        "account": "62570000",
        "payment_method": {"label": "Paiement Pro (1234)"},
    }
    return {name: value for name, value in (usual | fields).items() if value is not None}


@pytest.fixture(autouse=True)
def empty_counters() -> None:
    """No calls, no failed logins of another test."""
    cache.clear()


@pytest.fixture
def company(db: None) -> Company:
    company = CompanyFactory(name="Boulangerie Martin")
    PaymentMethod.objects.create(company=company, label="Paiement Pro (1234)", kind=MethodKind.CARD, last_four="1234")
    return company


@pytest.fixture
def dext(company: Company) -> DextCaller:
    return calling(member_of(company), company)


@pytest.fixture
def running_key() -> Iterator[Callable[[str], DextCaller]]:
    """A company, one of whose keys another connection holds: `running_key("k1")` is Dext calling on it."""
    held: list[Any] = []

    def run(key: str) -> DextCaller:
        company = CompanyFactory()
        held.append(connection.copy())
        with held[0].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{KEY_LOCK} {company.pk} {key}"])
        return calling(member_of(company), company)

    yield run
    for other in held:
        other.close()
