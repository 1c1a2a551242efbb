"""Schemathesis plays Dext: whatever it makes of the description, MEG answers as the description says.

A few examples an operation, the same each time; `API_EXAMPLES=500 pytest tests/dext_connector/test_description_kept.py`
makes many.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from achats.models import Supplier, SupplierRule
from dext_connector.description.document import OPERATIONS
from dext_connector.models import Webhook
from meg.wsgi import application
from tests.dext_connector.conftest import BASE, DextCaller, item
from tests.factories.banking import BankAccountFactory, BankTransactionFactory

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
REAL = {"account": "62570000", "vat_code": "TVA20", "url": "https://app.dext.example/meg"}
load_all_checks()
KEPT = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
SETTINGS = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def described(dext: DextCaller) -> Iterator[Any]:
    """The API as it is told, on a company with an item, its supplier's rule, a bank line and a webhook.

    The application serves within the transaction of the test, as Django's own client (which connects again) has it.
    """
    dext.publish(item())
    SupplierRule.objects.create(company=dext.company, supplier=Supplier.objects.get(), due_days=30)
    dext.call("post", "webhooks/", {"url": "https://meg.dext.example/events"})
    BankTransactionFactory(account=BankAccountFactory(company=dext.company))
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(f"{BASE}schema/", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def made_real(case: Case, dext: DextCaller) -> None:
    """Names of things that are there, so that the deep paths are walked; what is wrong on purpose stays so."""
    known = {
        "company_id": str(dext.company.pk),
        "external_id": "RB-88213",
        "supplier_id": str(Supplier.objects.get().pk),
        "rule_id": str(SupplierRule.objects.get().pk),
        "webhook_id": str(Webhook.objects.get().pk),
    }
    case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
    for sent in bodies_in(case.body):
        sent |= {name: real for name, real in REAL.items() if isinstance(sent.get(name), str)}
        if isinstance(sent.get("supplier"), dict) and "id" in sent["supplier"]:
            sent["supplier"]["id"] = known["supplier_id"]


def bodies_in(body: Any) -> Iterator[dict]:
    """The object that is sent, the item of a multipart body, or those of a batch."""
    if isinstance(body, dict):
        parts = [body, body.get("item"), *(body["items"] if isinstance(body.get("items"), list) else [])]
        yield from (part for part in parts if isinstance(part, dict))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
def test_no_call_makes_meg_fail_or_answer_what_it_does_not_announce(described, dext, mode):
    for verb, path in OPERATIONS:
        operation = described[BASE + path][verb]

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode))
        def kept(case: Case) -> None:
            made_real(case, dext)
            with transaction.atomic():
                answer = case.call(headers={"Authorization": f"Bearer {dext.token}"})
                transaction.set_rollback(True)
            case.validate_response(answer, checks=KEPT)

        # A call to which nothing is sent but a company's id cannot be made wrongly.
        with suppress(Unsatisfiable):
            kept()
