"""How a floor tells those above it: one append-only table, written in the transaction of the change."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from firms.models import Company, Event, User

# No object of thousands of rows is made to write them.
_RECORD = """
INSERT INTO firms_event (company_id, kind, subject_id, by_id, at, changes)
SELECT %(company)s, told.kind, told.subject_id, %(by)s::uuid, %(at)s, told.changes
FROM json_to_recordset(%(told)s) AS told (place int, kind text, subject_id uuid, changes jsonb)
ORDER BY told.place
"""


def record_event(
    *,
    company: Company,
    kind: str,
    subject_id: UUID,
    by: User | None = None,
    at: datetime | None = None,
    changes: dict | None = None,
) -> Event:
    """Write that `kind` (« purchase.received ») happened to the row `subject_id` of `company`.

    `changes` maps a field to `[before, after]`, both JSON; `by` is None where the machine did it.
    """
    return Event.objects.create(
        company=company, kind=kind, subject_id=subject_id, by=by, at=at or timezone.now(), changes=changes or {}
    )


def record_events(
    *, company: Company, kind: str, changes: Mapping[UUID, dict], by: User | None = None, at: datetime | None = None
) -> None:
    """As `record_event`, for many subjects at once: `changes` by the id of the subject, in one query."""
    record_kinds(company=company, changes={kind: changes}, by=by, at=at)


def record_kinds(
    *,
    company: Company,
    changes: Mapping[str, Mapping[UUID, dict]],
    by: User | None = None,
    at: datetime | None = None,
) -> None:
    """As `record_events`, for several kinds, the first before the next, in one query: `changes` by kind, by subject."""
    told = [
        {"place": place, "kind": kind, "subject_id": str(subject_id), "changes": changed}
        for place, (kind, subject_id, changed) in enumerate(
            (kind, *one) for kind, of_kind in changes.items() for one in of_kind.items()
        )
    ]
    if told:
        who, moment = by.pk if by else None, at or timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, {"company": company.pk, "by": who, "at": moment, "told": json.dumps(told)})


def record_in_companies(
    *, kind: str, subjects: Mapping[Company, UUID], by: User | None = None, at: datetime | None = None
) -> None:
    """As `record_event`, for one subject in each of many companies, in one query."""
    moment = at or timezone.now()
    Event.objects.bulk_create(
        Event(company=company, kind=kind, subject_id=subject_id, by=by, at=moment)
        for company, subject_id in subjects.items()
    )
