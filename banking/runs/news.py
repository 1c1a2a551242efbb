"""What came since a company's last whole run, matched at once with what may be its rival, without all the rest.

Of pairs of equal cents the engine decides the same as in a whole run (`match_news`); sums wait for that.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from achats.models import UNNAMED
from achats.turns import wait_our_turn
from banking.matching.blocking import is_foreign
from banking.matching.engine import ENGINE_VERSION, match_news
from banking.matching.labels import read_label
from banking.matching.observing import observe
from banking.models import NEWS, MatchRun
from banking.runs.facts import CURRENCY, OPEN, read_facts
from banking.runs.lexicon import lexicon_of_some
from banking.runs.storing import store_decisions

# For what was written before that run began and committed after it.
MARGIN = timedelta(minutes=1)

_NEWS = """
WITH last AS (
    SELECT engine_version, started_at - make_interval(secs => %(margin)s) AS since FROM banking_matchrun
    WHERE company_id = %(company)s AND NOT trigger = 'news' ORDER BY started_at DESC LIMIT 1
), awaited AS NOT MATERIALIZED (
    SELECT * FROM achats_purchaseinvoice
    WHERE company_id = %(company)s AND gross_amount > 0 AND {awaited}
), new AS MATERIALIZED (
    SELECT currency, {awaited_cents} AS cents
    FROM awaited WHERE updated_at > (SELECT since FROM last)
    UNION
    SELECT (SELECT currency FROM banking_bankaccount WHERE id = line.account_id), {unmatched_cents}
    FROM banking_banktransaction AS line
    WHERE company_id = %(company)s AND created_at > (SELECT since FROM last) AND {unmatched}
), selling AS MATERIALIZED (
    SELECT id, name FROM achats_supplier AS supplier WHERE company_id = %(company)s
        AND (SELECT TRUE FROM awaited WHERE supplier_id = supplier.id LIMIT 1)
)
SELECT
    (SELECT engine_version FROM last),
    ARRAY(SELECT cents FROM new WHERE currency = %(currency)s),
    EXISTS(SELECT FROM new WHERE currency <> %(currency)s),
    ARRAY(
        SELECT name FROM selling
        UNION SELECT alias.name FROM achats_supplieralias AS alias JOIN selling ON selling.id = alias.supplier_id
        UNION SELECT CASE WHEN supplier_name = %(unnamed)s THEN '' ELSE supplier_name END
        FROM awaited WHERE supplier_id IS NULL
    )
"""


class WholeRunNeeded(Exception):
    """What is new cannot be decided on by itself.

    No whole run of this engine was before it, or it is in more than one currency.
    """


@dataclass(frozen=True, slots=True)
class News:
    """How much is open of each invoice and line that the last whole run may not have seen, and who sells what is open.

    `suppliers` are all the names of all of them.
    """

    cents: frozenset[int]
    suppliers: frozenset[str]


@transaction.atomic
def match_what_is_new(*, company_id: UUID) -> MatchRun:
    """Decide on what is new and on what has its cents, and store it; one run at a time in a company.

    Raises WholeRunNeeded, having changed nothing.
    """
    wait_our_turn("match", company_id, "run")
    started_at = timezone.now()
    news = read_news(company_id)
    facts = read_facts(company_id, of_cents=news.cents)
    if any(is_foreign(line, read_label(line.label, line.booked_on)) for line in facts.transactions):
        raise WholeRunNeeded
    run = MatchRun(company=facts.company, engine_version=ENGINE_VERSION, trigger=NEWS, started_at=started_at)
    lexicon = lexicon_of_some(company_id, facts.invoices, facts.transactions, news.suppliers)
    decisions = match_news(facts.invoices, facts.transactions, lexicon, facts.memory, facts.policy)
    store_decisions(run, facts, observe(decisions, facts.transactions, facts.observed_accounts), is_whole=False)
    return run


def read_news(company_id: UUID) -> News:
    """What came since the last whole run of a company. One query. Raises WholeRunNeeded."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWS.format(**OPEN),
            {"company": company_id, "margin": MARGIN.total_seconds(), "currency": CURRENCY, "unnamed": UNNAMED},
        )
        version, cents, has_other_currencies, suppliers = cursor.fetchone()
    if version != ENGINE_VERSION or has_other_currencies:
        raise WholeRunNeeded
    return News(frozenset(cents), frozenset(suppliers))
