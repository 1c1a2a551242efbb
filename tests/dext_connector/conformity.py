"""Whether an answer is one that the API's description announces: its status, form, headers, and no field more."""

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from dext_connector.description.document import OPERATIONS
from dext_connector.description.schema import api_description

BASE = "/api/dext/v1/"


def operation_at(method: str, path: str) -> tuple[str, str] | None:
    """The described call that `path` (below the base, with or without a query) is."""
    bare = path.partition("?")[0]
    for verb, template in OPERATIONS:
        if verb == method.upper() and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), bare):
            return verb, template
    return None


@cache
def description() -> dict[str, Any]:
    return api_description()


@cache
def validator(verb: str, template: str, status: int, media_type: str) -> Draft202012Validator | None:
    """For one answer of one call; None where that has no body. Raises KeyError for what is not announced."""
    responses = description()["paths"][BASE + template][verb.lower()]["responses"]
    told = responses[str(status)]
    told = description()["components"]["responses"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
    if "content" not in told:
        return None
    schema = {"allOf": [told["content"][media_type]["schema"]], "components": description()["components"]}
    return Draft202012Validator(closed(schema))


def closed(schema: Any) -> Any:
    """The same, where no object may have a field that is not told."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(part) for name, part in schema.items()}
    return told | ({"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {})


def assert_announced(method: str, path: str, answer: Any) -> None:
    """Fails where the description does not announce `answer`; a call that it does not have is left alone."""
    known = operation_at("get" if method == "head" else method, path)
    if known is None or method == "head":
        return
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    try:
        form = validator(*known, answer.status_code, media_type)
    except KeyError as error:
        raise AssertionError(f"{known} does not announce {answer.status_code} {media_type}") from error
    if form is None:
        assert answer.content == b""
        return
    faults = [f"{fault.json_path}: {fault.message}" for fault in form.iter_errors(answer.json())]
    if faults:
        raise AssertionError(f"{known} {answer.status_code} does not announce what it has: {faults}")
