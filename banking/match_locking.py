"""The invoices and lines that a run decided upon, locked, and which of them are still as the engine saw them.

In one query, and in the order of every writer of matches: invoices, then lines, each by id.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from banking.match_facts import OPEN, Facts
from banking.matching.facts import Decision

# PostgreSQL reads the parts of a UNION ALL one after the other, and each to its end. It locks a row in its newest
# version, and passes over one that no longer answers the question.
_LOCK = """
SELECT id, updated_at, cents FROM (
    SELECT id, updated_at, {awaited_cents} AS cents FROM achats_purchaseinvoice
    WHERE id = ANY (%(invoices)s::uuid[]) AND {awaited}
    ORDER BY id FOR NO KEY UPDATE
) AS invoices
UNION ALL
SELECT id, NULL, cents FROM (
    SELECT id, {unmatched_cents} AS cents FROM banking_banktransaction
    WHERE id = ANY (%(lines)s::uuid[]) AND {unmatched}
    ORDER BY id FOR NO KEY UPDATE
) AS lines
"""


def lock_still_open(facts: Facts, decisions: Collection[Decision]) -> set[str]:
    """The ids, of what is decided upon, whose rows are still as the engine saw them; all locked."""
    seen = {fact.id: (facts.versions.get(fact.id), abs(fact.cents)) for fact in facts.ends}
    invoice_ids = {i for decision in decisions for i in decision.invoice_ids}
    line_ids = {t for decision in decisions for t in decision.transaction_ids}
    if not decisions:
        return set()
    return {key for pk, *now in _lock(invoice_ids, line_ids) if seen[key := str(pk)] == tuple(now)}


def _lock(invoice_ids: Collection[str], line_ids: Collection[str]) -> list[tuple[UUID, datetime | None, int]]:
    """Of those that still wait for the other side: the id, when an invoice was last changed, the cents still open."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(**OPEN), {"invoices": list(invoice_ids), "lines": list(line_ids)})
        return cursor.fetchall()
