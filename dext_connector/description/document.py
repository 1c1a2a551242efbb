"""The topics together, and what the OpenAPI document says once for all of them."""

from typing import Any

from oauth2_provider.settings import oauth2_settings

from dext_connector.description import changing, connection, following, lists, publishing, rules, telling
from dext_connector.description.operation import TAGS, Operation
from dext_connector.description.problems import EXISTING, FAULT, problem_responses, problem_schema
from dext_connector.description.shapes import TEXT, Schema

# A new topic is one name here.
TOPICS = (connection, lists, rules, publishing, changing, following, telling)

OPERATIONS: dict[tuple[str, str], Operation] = {
    call: operation for topic in TOPICS for call, operation in topic.OPERATIONS.items()
}
SCHEMAS: dict[str, Schema] = {name: schema for topic in TOPICS for name, schema in topic.SCHEMAS.items()}
WHOLE_TEXT: Schema = {"type": "string", "pattern": "^[0-9]+$"}
HEADERS: dict[str, tuple[str, Schema]] = {
    "X-Request-Id": ("The reference of this call, to tell MEG's support.", TEXT),
    "RateLimit-Limit": ("Calls a minute and token.", WHOLE_TEXT),
    "RateLimit-Remaining": ("Calls that are left in this minute.", WHOLE_TEXT),
    "RateLimit-Reset": ("Seconds until the next minute.", WHOLE_TEXT),
    "Retry-After": ("Seconds to wait before the same is sent again.", WHOLE_TEXT),
    "ETag": ("To send as `If-None-Match`.", TEXT),
}


def add_components(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: what operations refer to by name, and how a call authenticates."""
    problem = {"Problem": problem_schema(), "Fault": FAULT, "Existing": EXISTING}
    result["components"] = {
        "schemas": dict(sorted((SCHEMAS | problem).items())),
        "responses": problem_responses(),
        "headers": {
            name: {"description": what, "required": True, "schema": schema} for name, (what, schema) in HEADERS.items()
        },
        "securitySchemes": _security(),
    }
    result["tags"] = [{"name": name} for name in TAGS]
    return result


def _security() -> dict[str, Any]:
    flow = {
        "authorizationUrl": "/oauth/authorize/",
        "tokenUrl": "/oauth/token/",
        "refreshUrl": "/oauth/token/",
        "scopes": dict(oauth2_settings.SCOPES),
    }
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The `access_token` of `login/` or of OAuth 2."},
        "oauth2": {"type": "oauth2", "flows": {"authorizationCode": flow}, "description": "With PKCE (S256)."},
    }
