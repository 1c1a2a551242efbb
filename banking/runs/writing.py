"""The matches of a run → PostgreSQL, in one query: the run itself, its matches, and what they take of their lines.

Rows of suggestions that are still made stay as they are, those that changed are mended, the stale go, new ones come.
What a person said no to meanwhile is left out, with the whole of its decision; where that no was taken back, what the
machine would have made of it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from banking.models import MatchRun

# A FULL JOIN is never made by comparing each row with each other, however wrong the planner's guess of their number.
_WRITE = """
WITH told AS (
    SELECT * FROM json_to_recordset(%(rows)s) AS told (
        place int, decision int, invoice_id uuid, transaction_id uuid, "group" uuid, amount_cents bigint,
        invoice_cents bigint, state text, rank int, reasons jsonb, score float8, record jsonb, is_observed boolean
    )
), refused AS (
    SELECT DISTINCT told.decision FROM told JOIN banking_match AS said USING (invoice_id, transaction_id)
    WHERE said.state IN ('refused', 'undone') OR (said.state = 'reopened' AND told.state = 'auto')
), wanted AS MATERIALIZED (
    SELECT * FROM told WHERE decision NOT IN (SELECT decision FROM refused)
), run AS (
    INSERT INTO banking_matchrun (company_id, engine_version, trigger, started_at, finished_at, automatic, suggested)
    SELECT %(company)s, %(engine_version)s, %(trigger)s, %(started_at)s, %(finished_at)s,
        count(*) FILTER (WHERE state = 'auto'), count(*) FILTER (WHERE state = 'suggested')
    FROM wanted
    RETURNING id, automatic, suggested
){touched}, held AS MATERIALIZED (
    SELECT id AS held_id, invoice_id, transaction_id FROM banking_match
    WHERE company_id = %(company)s AND state = 'suggested' AND {is_touched}
    ORDER BY id FOR NO KEY UPDATE
), compared AS MATERIALIZED (
    SELECT * FROM wanted FULL JOIN held USING (invoice_id, transaction_id)
), dropped AS (
    DELETE FROM banking_match WHERE id IN (SELECT held_id FROM compared WHERE decision IS NULL)
), mended AS (
    UPDATE banking_match AS row
    SET run_id = run.id, "group" = now."group", amount_cents = now.amount_cents, invoice_cents = now.invoice_cents,
        state = now.state, rank = now.rank, reasons = now.reasons, score = now.score, record = now.record,
        is_observed = now.is_observed
    FROM compared AS now, run
    WHERE row.id = now.held_id AND now.decision IS NOT NULL
        AND (row."group", row.amount_cents, row.invoice_cents, row.state, row.rank, row.reasons, row.score, row.record,
             row.is_observed)
        IS DISTINCT FROM (now."group", now.amount_cents, now.invoice_cents, now.state, now.rank, now.reasons, now.score,
             now.record, now.is_observed)
), added AS (
    INSERT INTO banking_match (
        company_id, run_id, invoice_id, transaction_id, "group", amount_cents, invoice_cents, state, rank, reasons,
        score, record, is_observed, created_at, gap_kind
    )
    SELECT %(company)s, run.id, invoice_id, transaction_id, "group", amount_cents, invoice_cents, state, rank, reasons,
        score, record, is_observed, %(finished_at)s, ''
    FROM compared, run
    WHERE held_id IS NULL
    ORDER BY place
), taken AS (
    UPDATE banking_banktransaction AS line
    SET allocated_cents = line.allocated_cents + made.cents
    FROM (
        SELECT transaction_id, sum(amount_cents) AS cents FROM wanted WHERE state = 'auto' GROUP BY transaction_id
    ) AS made
    WHERE line.id = made.transaction_id
)
SELECT id, automatic, suggested, ARRAY(SELECT decision FROM refused) FROM run
"""
_TOUCHED = """, used_up AS (
    SELECT invoice_id, transaction_id FROM wanted WHERE state = 'auto'
), touched AS (
    SELECT id, "group" FROM banking_match
    WHERE state = 'suggested' AND "group" IS NULL
        AND invoice_id = ANY (%(among)s::uuid[]) AND transaction_id = ANY (%(among)s::uuid[])
    UNION SELECT id, banking_match."group" FROM banking_match JOIN wanted USING (invoice_id, transaction_id)
    WHERE banking_match.state = 'suggested'
    UNION SELECT id, "group" FROM banking_match JOIN used_up USING (invoice_id) WHERE state = 'suggested'
    UNION SELECT id, "group" FROM banking_match JOIN used_up USING (transaction_id) WHERE state = 'suggested'
)"""
# The planner takes an array for short, and looks each of its ids up.
_IS_TOUCHED = """id = ANY (ARRAY(
        SELECT id FROM touched
        UNION SELECT id FROM banking_match WHERE "group" = ANY (ARRAY(SELECT "group" FROM touched))
    ))"""
_WRITE_ALL = _WRITE.format(touched="", is_touched="TRUE")
_WRITE_SOME = _WRITE.format(touched=_TOUCHED, is_touched=_IS_TOUCHED)


def write_matches(
    run: MatchRun, rows: Sequence[Mapping[str, Any]], at: datetime, *, among: Collection[UUID] | None = None
) -> frozenset[int]:
    """Store an unsaved run that ends at `at` with its matches, counted on it; → the decisions that a no left out.

    They take the place of all suggestions; with `among` (ids of invoices and lines), of the pairs between two of those,
    and of what an automatic match leaves nothing for, with the whole of its group.

    A row is what `Match` holds, by the names of its columns, with `decision`, the number of what it is a part of; no
    two of one pair. The ends of all are locked, and have as much left.
    """
    run.finished_at = at
    told: dict[str, UUID | str | datetime | list[UUID] | None] = {
        "rows": json.dumps([{"place": place, **row} for place, row in enumerate(rows)]),
        "company": run.company_id,
        "among": None if among is None else list(among),
        "engine_version": run.engine_version,
        "trigger": run.trigger,
        "started_at": run.started_at,
        "finished_at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_ALL if among is None else _WRITE_SOME, told)
        run.pk, run.automatic, run.suggested, refused = cursor.fetchone()
    run._state.adding = False
    return frozenset(refused)
