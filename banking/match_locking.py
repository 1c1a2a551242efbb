"""The accounts, invoices and lines that a run decided upon, locked, and which are still as the engine saw them.

In one query, and in the order of every writer of matches: invoices, then lines, each by id. Their accounts before: who
switches one changes nothing else, and one that is switched once the run has its lock waits until the run has committed.
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
from banking.models import Automation, BankAccount, BankTransaction

# When an invoice was last changed; the cents still open, or an account's cap; an account's automation.
Seen = tuple[datetime | None, int | None, str | None]

# PostgreSQL reads the parts of a UNION ALL one after the other, and each to its end. It locks a row in its newest
# version, and passes over one that no longer answers the question.
_LOCK = """
SELECT id, NULL AS updated_at, cap AS cents, automation FROM ({accounts}) AS accounts
UNION ALL
SELECT id, updated_at, cents, NULL FROM ({invoices}) AS invoices
UNION ALL
SELECT id, NULL, cents, NULL FROM ({lines}) AS lines
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
    accounts = BankAccount.objects.filter(pk__in=account_ids).annotate(cap=in_cents(F("automatic_cap")))
    invoices = PurchaseInvoice.objects.unsettled().filter(pk__in=invoice_ids)
    invoices = invoices.annotate(cents=in_cents(F("gross_amount")) - F("settled_cents"))
    lines = BankTransaction.objects.unmatched().filter(pk__in=line_ids)
    lines = lines.annotate(cents=in_cents(Abs("amount")) - F("allocated_cents"))
    of_accounts, account_params = accounts.order_by("pk").values("id", "automation", "cap").query.sql_with_params()
    of_invoices, invoice_params = _locking(invoices.values("id", "updated_at", "cents"))
    of_lines, line_params = _locking(lines.values("id", "cents"))
    with connection.cursor() as cursor:
        parts = _LOCK.format(accounts=f"{of_accounts} FOR SHARE", invoices=of_invoices, lines=of_lines)
        cursor.execute(parts, (*account_params, *invoice_params, *line_params))
        return cursor.fetchall()


def _locking(rows: QuerySet) -> tuple[str, tuple]:
    """The query that reads and locks `rows` by id, with its parameters."""
    return rows.order_by("pk").select_for_update(no_key=True).query.sql_with_params()
