"""The accounts, invoices and lines that a run decided upon, locked, and which are still as the engine saw them.

In one query, and in the order of every writer of matches: invoices, then lines, each by id. Their accounts before: who
switches one changes nothing else, and one that is switched once the run has its lock waits until the run has committed.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from banking.matching.facts import Decision
from banking.models import Automation
from banking.runs.facts import OPEN, Facts

# When an invoice was last changed; the cents still open, or an account's cap; an account's automation.
Seen = tuple[datetime | None, int | None, str | None]

# PostgreSQL reads the parts of a UNION ALL one after the other, and each to its end. It locks a row in its newest
# version, and passes over one that no longer answers the question.
_LOCK = """
SELECT id, NULL AS updated_at, cents, automation FROM (
    SELECT id, (automatic_cap * 100)::bigint AS cents, automation FROM banking_bankaccount
    WHERE id = ANY (%(accounts)s::uuid[])
    ORDER BY id FOR SHARE
) AS accounts
UNION ALL
SELECT id, updated_at, cents, NULL FROM (
    SELECT id, updated_at, {awaited_cents} AS cents FROM achats_purchaseinvoice
    WHERE id = ANY (%(invoices)s::uuid[]) AND {awaited}
    ORDER BY id FOR NO KEY UPDATE
) AS invoices
UNION ALL
SELECT id, NULL, cents, NULL FROM (
    SELECT id, {unmatched_cents} AS cents FROM banking_banktransaction
    WHERE id = ANY (%(lines)s::uuid[]) AND {unmatched}
    ORDER BY id FOR NO KEY UPDATE
) AS lines
"""


def lock_still_open(facts: Facts, decisions: Collection[Decision]) -> set[str]:
    """The ids, of what is decided upon, whose rows are still as the engine saw them; all locked.

    A line is none of them where how far the machine may go on its account was changed.
    """
    if not decisions:
        return set()
    invoice_ids = {i for decision in decisions for i in decision.invoice_ids}
    line_ids = {t for decision in decisions for t in decision.transaction_ids}
    account_of = {line.id: line.account_id for line in facts.transactions if line.id in line_ids}
    seen: dict[str, Seen] = {fact.id: (facts.versions.get(fact.id), abs(fact.cents), None) for fact in facts.ends}
    seen |= {key: _switch_seen(facts, key) for key in account_of.values()}
    locked = _lock(set(account_of.values()), invoice_ids, line_ids)
    same = {key for pk, *now in locked if seen[key := str(pk)] == tuple(now)}
    return {key for key in same if account_of.get(key, key) in same}


def _switch_seen(facts: Facts, account_id: str) -> Seen:
    is_off, is_observed = account_id in facts.policy.accounts_without_auto, account_id in facts.observed_accounts
    automation = Automation.OFF if is_off else Automation.OBSERVED if is_observed else Automation.ON
    return None, facts.policy.caps_cents.get(account_id), automation.value


def _lock(
    account_ids: Collection[str], invoice_ids: Collection[str], line_ids: Collection[str]
) -> list[tuple[UUID, datetime | None, int | None, str | None]]:
    """The id, when an invoice was last changed, the cents still open or an account's cap, an account's automation; of
    invoices and lines those that still wait for the other side."""
    told = {"accounts": list(account_ids), "invoices": list(invoice_ids), "lines": list(line_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(**OPEN), told)
        return cursor.fetchall()
