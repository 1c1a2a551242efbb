"""The invoices and lines that a run decided upon, locked, and which of them are still as the engine saw them.

In one query, and in the order of every writer of matches: invoices, then lines, each by id.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Abs

from achats.models import PurchaseInvoice
from banking.match_context import in_cents
from banking.match_facts import Facts
from banking.matching.facts import Decision
from banking.models import BankTransaction

# PostgreSQL reads the parts of a UNION ALL one after the other, and each to its end. It locks a row in its newest
# version, and passes over one that no longer answers the question.
_LOCK = """
SELECT id, updated_at, cents FROM ({invoices}) AS invoices
UNION ALL
SELECT id, NULL, cents FROM ({lines}) AS lines
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
    invoices = PurchaseInvoice.objects.unsettled().filter(pk__in=invoice_ids)
    invoices = invoices.annotate(cents=in_cents(F("gross_amount")) - F("settled_cents"))
    lines = BankTransaction.objects.unmatched().filter(pk__in=line_ids)
    lines = lines.annotate(cents=in_cents(Abs("amount")) - F("allocated_cents"))
    of_invoices, invoice_params = _locking(invoices.values("id", "updated_at", "cents"))
    of_lines, line_params = _locking(lines.values("id", "cents"))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(invoices=of_invoices, lines=of_lines), (*invoice_params, *line_params))
        return cursor.fetchall()


def _locking(rows: QuerySet) -> tuple[str, tuple]:
    """The query that reads and locks `rows` by id, with its parameters."""
    return rows.order_by("pk").select_for_update(no_key=True).query.sql_with_params()
