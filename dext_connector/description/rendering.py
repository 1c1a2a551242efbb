"""One operation → its OpenAPI object: with the parameters of its path, its security, its headers and its refusals."""

import re
from typing import Any

from dext_connector.description.operation import KNOWN, Answer, Operation
from dext_connector.description.shapes import Schema

ALWAYS = ("X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REFUSED_ALWAYS = (404, 405, 406, 429, 500, 503)
REFUSED_WITH_TOKEN = (401, 403)
REFUSED_WITH_BODY = (400, 413, 415, 422)
IN_PATH = {
    "company_id": ({"type": "string", "format": "uuid"}, "A company of `companies/`."),
    "external_id": (
        {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$", "minLength": 1, "maxLength": 128},
        "Dext's reference of the item.",
    ),
}
OTHER_ID = ({"type": "string", "format": "uuid"}, "The id that its list answers.")


def rendered(operation: Operation, path: str) -> dict[str, Any]:
    """The OpenAPI operation object of `operation`, which stands at `path` (« companies/{company_id}/ »)."""
    told: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*_in_path(path), *operation.parameters],
        "responses": _responses(operation),
        "security": [] if operation.is_public else [{"bearer": []}, {"oauth2": [operation.scope]}],
    }
    if operation.description:
        told["description"] = operation.description
    if content := _content(operation):
        told["requestBody"] = {"required": True, "content": content}
    return told


def _in_path(path: str) -> list[dict[str, Any]]:
    named = [(name, *IN_PATH.get(name, OTHER_ID)) for name in re.findall(r"{(\w+)}", path)]
    return [
        {"name": name, "in": "path", "required": True, "description": what, "schema": schema}
        for name, schema, what in named
    ]


def _content(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.request is not None:
        content["application/json"] = _media(operation.request, operation.example)
    if operation.multipart is not None:
        encoding = {"item": {"contentType": "application/json"}}
        content["multipart/form-data"] = {"schema": operation.multipart, "encoding": encoding}
    if operation.file is not None:
        content["application/octet-stream"] = {"schema": operation.file}
    return content


def _responses(operation: Operation) -> dict[str, Any]:
    answers = {str(status): _response(answer, operation) for status, answer in operation.answers.items()}
    if KNOWN in operation.parameters:
        answers["304"] = _response(Answer("Nothing has changed."), operation)
    refusals = {*REFUSED_ALWAYS, *operation.refusals}
    refusals |= set() if operation.is_public else set(REFUSED_WITH_TOKEN)
    refusals |= set(REFUSED_WITH_BODY) if _content(operation) else set()
    problems = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(refusals)}
    return dict(sorted((answers | problems).items()))


def _response(answer: Answer, operation: Operation) -> dict[str, Any]:
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in ALWAYS}
    headers |= {"ETag": {"$ref": "#/components/headers/ETag"}} if operation.has_etag else {}
    headers |= {name: {"description": what, "schema": {"type": "string"}} for name, what in answer.headers.items()}
    told: dict[str, Any] = {"description": answer.what, "headers": headers}
    if answer.schema is not None:
        told["content"] = {"application/json": _media(answer.schema, answer.example)}
    return told


def _media(schema: Schema, example: Any) -> dict[str, Any]:
    return {"schema": schema} | ({} if example is None else {"example": example})
