"""The refusals of the API, told from the one table of `errors`: a response of each status with its codes."""

from typing import Any

from dext_connector.description.shapes import ADDRESS, FLAG, TEXT, WHOLE, Schema, array, nullable, one_of, record
from dext_connector.errors import MEANINGS, TYPE, Meaning

FAULT = record(
    code=TEXT | {"examples": ["unknown_account"]},
    pointer=TEXT | {"description": "RFC 6901, into the body.", "examples": ["/lines/0/account"]},
    value=nullable(TEXT),
    message=TEXT | {"description": "One French sentence."},
)
EXISTING = record(id=TEXT, status=one_of("not_ready", "ready", "posted", "cancelled"), web_url=ADDRESS)


def problem_schema() -> Schema:
    """RFC 9457, with all faults of the body at once."""
    schema = record(
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        code=one_of(*sorted({meaning.code for meaning in MEANINGS.values()})),
        message=TEXT | {"description": "One French sentence for Dext's user, to show word for word."},
        retryable=FLAG | {"description": "The same may be sent again, with the same key, after `Retry-After`."},
        request_id=TEXT,
        errors=array({"$ref": "#/components/schemas/Fault"}),
    )
    schema["properties"]["existing"] = {"$ref": "#/components/schemas/Existing"}
    return schema


def problem_responses() -> dict[str, Any]:
    """« Problem422 » and its like, by name."""
    statuses = sorted({meaning.status for meaning in MEANINGS.values()})
    return {f"Problem{status}": _response(status) for status in statuses}


def _response(status: int) -> dict[str, Any]:
    meanings = list({meaning.code: meaning for meaning in MEANINGS.values() if meaning.status == status}.values())
    names = ["X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
    names += ["Retry-After"] if all(meaning.is_retryable for meaning in meanings) else []
    return {
        "description": " · ".join(f"`{meaning.code}`" for meaning in meanings),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {meaning.code: {"value": _example(meaning)} for meaning in meanings},
            }
        },
    }


def _example(meaning: Meaning) -> dict[str, Any]:
    return {
        "type": TYPE + meaning.code,
        "title": meaning.title,
        "status": meaning.status,
        "code": meaning.code,
        "message": meaning.message or meaning.title,
        "retryable": meaning.is_retryable,
        "request_id": "5f0c1e7a9b0d4b0c8d6f3a2b1c0d9e8f",
        "errors": [],
    }
