"""« Nothing has changed »: what a client already holds is answered 304, and finding that out costs one aggregate.

The fingerprint of rows is that of the columns which their answer shows, summed by PostgreSQL: it changes when one of
them does, when a row comes or goes, whoever wrote it and whatever the moment at which a transaction ends.
"""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, DecimalField, Func, QuerySet, Sum, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, JSONArray
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

# The sum of 64-bit hashes, in whatever order the rows come.
TOTAL = Sum("row_hash", output_field=DecimalField(max_digits=40, decimal_places=0))

type Shown = Sequence[str | Combinable]


def row_hash(shown: Shown) -> Func:
    """64 bits of the columns `shown`, computed by PostgreSQL."""
    text = Cast(JSONArray(*shown), TextField())
    return Func(text, Value(0), function="hashtextextended", output_field=BigIntegerField())


def rows_fingerprint(rows: QuerySet, shown: Shown) -> str:
    """What changes when one of `rows` does in what it shows, comes or goes. One query."""
    hashed = rows.annotate(row_hash=row_hash(shown)).values("row_hash")
    found = hashed.aggregate(count=Count("*"), total=TOTAL)
    return fingerprint_of(found["count"], found["total"])


def fingerprints(rows: QuerySet, shown: Shown) -> dict[UUID, str]:
    """The fingerprint of the rows of each company that has some. One query."""
    hashed = rows.order_by().annotate(row_hash=row_hash(shown)).values("company")
    found = hashed.annotate(count=Count("pk"), total=TOTAL).values_list("company", "count", "total")
    return {company_id: fingerprint_of(count, total) for company_id, count, total in found}


def fingerprint_of(count: int, total: Decimal | None) -> str:
    return digest([count, str(total)])


def digest(content: Any) -> str:
    """The fingerprint of an answer that is cheap to make, or of parts of one."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def with_etag(request: Request, fingerprint: str, answer: Any) -> Response:
    """`answer()` with its ETag, or 304 where the caller's `If-None-Match` has it (weakly or not) or is « * »."""
    headers = {"ETag": f'W/"{fingerprint}"', "Cache-Control": "private, no-cache"}
    known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    if "*" in known or f'"{fingerprint}"' in known:
        return Response(status=304, headers=headers)
    return Response(answer(), headers=headers)
