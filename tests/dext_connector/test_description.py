"""The OpenAPI document tells every address of the API, and only those; it is a valid one, and readable as a page."""

import re

import pytest
import yaml
from django.urls import get_resolver
from drf_spectacular.generators import EndpointEnumerator
from drf_spectacular.validation import validate_schema

from dext_connector.description.document import OPERATIONS, SCHEMAS, TOPICS
from dext_connector.description.operation import TAGS
from dext_connector.errors import MEANINGS
from tests.dext_connector.conformity import assert_announced, description, operation_at
from tests.dext_connector.conftest import BASE, HTTP


def test_every_address_of_the_api_is_described_and_nothing_else_is():
    found = EndpointEnumerator(get_resolver().url_patterns).get_api_endpoints()
    calls = {(method, path.removeprefix(BASE)) for path, _, method, _ in found if path.startswith(BASE)}
    assert calls == set(OPERATIONS)


def test_the_document_is_valid_openapi_3_1():
    assert description()["openapi"] == "3.1.0"
    validate_schema(description())


def test_no_topic_takes_the_place_of_another():
    assert len(OPERATIONS) == sum(len(topic.OPERATIONS) for topic in TOPICS)
    assert len(SCHEMAS) == sum(len(topic.SCHEMAS) for topic in TOPICS)
    assert len({operation.id for operation in OPERATIONS.values()}) == len(OPERATIONS)
    assert {operation.tag for operation in OPERATIONS.values()} <= set(TAGS)


def test_every_name_that_is_referred_to_stands_and_every_one_that_stands_is_referred_to():
    components = description()["components"]
    referred = set(re.findall(r"#/components/(schemas/\w+|headers/[\w-]+|responses/\w+)", str(description())))
    assert referred == {f"{kind}/{name}" for kind in ("schemas", "headers", "responses") for name in components[kind]}


def test_every_code_of_a_problem_is_an_example():
    told = {
        code
        for response in description()["components"]["responses"].values()
        for code in response["content"]["application/problem+json"]["examples"]
    }
    assert told == {meaning.code for meaning in MEANINGS.values()}


@pytest.mark.parametrize("accept", ["application/yaml", "application/vnd.oai.openapi"])
def test_the_document_is_json_unless_yaml_is_asked_for(db, accept):
    as_json = HTTP.get(f"{BASE}schema/")
    assert (as_json["Content-Type"], as_json.json()["openapi"]) == ("application/json", "3.1.0")
    as_yaml = HTTP.get(f"{BASE}schema/", headers={"Accept": accept})
    assert yaml.safe_load(as_yaml.content) == as_json.json()
    assert HTTP.get(f"{BASE}schema/", headers={"If-None-Match": as_json["ETag"]}).status_code == 304


def test_an_answer_that_is_not_announced_is_seen(dext):
    answer = dext.get("me/")
    answer.json = lambda: {"email": "a@b.test", "more": 1}
    with pytest.raises(AssertionError, match="does not announce what it has"):
        assert_announced("get", "me/", answer)
    answer.status_code = 418
    with pytest.raises(AssertionError, match="418"):
        assert_announced("get", "me/", answer)
    assert operation_at("get", dext.on_company("accounts/?limit=1")) == ("GET", "companies/{company_id}/accounts/")
