"""What is said of one operation; the rest is the same for all and added by `rendering`."""

from dataclasses import dataclass, field
from typing import Any

from dext_connector.description.shapes import Schema, listing, ref

CONNECT = "1. Connect"
LISTS = "2. Lists and settings"
PUBLISH = "3. Publish"
FOLLOW = "5. Follow"
DESCRIPTION = "About this description"
# In the order, and with the numbers, of the guide.
TAGS = (CONNECT, LISTS, PUBLISH, FOLLOW, DESCRIPTION)


@dataclass(frozen=True)
class Answer:
    """One way that a call goes well; `schema` None where the answer has no body."""

    what: str
    schema: Schema | None = None
    example: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`id` is the name of a generated client's method.

    The body is JSON of the schema `request`, or `multipart`, or a `file` as it is; `refusals` are the statuses of
    problems beside those that every call may have.
    """

    id: str
    tag: str
    summary: str
    answers: dict[int, Answer]
    description: str = ""
    scope: str = "reference:read"
    request: Schema | None = None
    multipart: Schema | None = None
    file: Schema | None = None
    example: Any = None
    parameters: tuple[dict[str, Any], ...] = ()
    refusals: tuple[int, ...] = ()
    is_public: bool = False
    has_etag: bool = False


def parameter(name: str, schema: Schema, what: str, *, place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "description": what, "schema": schema}


LIMIT = parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 100}, "How many rows a page has at most."
)
CURSOR = parameter("cursor", {"type": "string"}, "`next_cursor` of the page before.")
SINCE = parameter(
    "updated_since",
    {"type": "string", "format": "date-time"},
    "Only the rows that changed at or after this moment (ISO 8601, UTC where it has no offset; a day is its start).",
)
KNOWN = parameter(
    "If-None-Match", {"type": "string"}, "The `ETag` that Dext holds: 304 if it still is.", place="header"
)
DRY_RUN = parameter("dry_run", {"type": "boolean", "default": False}, "Check all, store nothing; answered 200.")
KEY = parameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 128, "pattern": "^[ -~]*$"},
    "The same key and body are answered the first answer again, for 30 days.",
    place="header",
)


def list_operation(
    id: str,
    tag: str,
    summary: str,
    *,
    of: str,
    description: str = "",
    scope: str = "reference:read",
    parameters: tuple[dict[str, Any], ...] = (),
) -> Operation:
    """`GET` of a list whose rows are the schema `of`: paged, conditional, since a moment."""
    return Operation(
        id=id,
        tag=tag,
        summary=summary,
        description=description,
        scope=scope,
        parameters=(*parameters, LIMIT, CURSOR, SINCE, KNOWN),
        answers={200: Answer("One page.", listing(ref(of)))},
        refusals=(422,),
        has_etag=True,
    )
