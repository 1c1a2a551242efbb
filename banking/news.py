"""What came since a company's last whole run, matched at once with what may be its rival, without all the rest.

Of pairs of equal cents the engine decides the same as in a whole run (`match_news`); sums wait for that.
"""

from datetime import timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Case, DateField, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, JSONArray
from django.utils import timezone

from achats.models import UNNAMED, SupplierAlias
from achats.turns import wait_our_turn
from banking.match_facts import CURRENCY, joined, open_invoices, open_lines, read_facts
from banking.match_storing import store_decisions
from banking.matching.blocking import is_foreign
from banking.matching.engine import ENGINE_VERSION, match_news
from banking.matching.facts import Lexicon
from banking.matching.labels import read_label
from banking.matching.observing import observe
from banking.models import NEWS, MatchRun
from firms.models import Company

# For what was written before that run began and committed after it.
MARGIN = timedelta(minutes=1)


class WholeRunNeeded(Exception):
    """What is new cannot be decided on by itself: no whole run was before it, or it is in more than one currency."""


@transaction.atomic
def match_what_is_new(*, company_id: UUID) -> MatchRun:
    """Decide on what is new and on what has its cents, and store it; one run at a time in a company.

    Raises WholeRunNeeded, having changed nothing.
    """
    wait_our_turn("match", company_id, "run")
    started_at = timezone.now()
    facts = read_facts(company_id, of_cents=_new_cents(company_id))
    if any(is_foreign(line, read_label(line.label, line.booked_on)) for line in facts.transactions):
        raise WholeRunNeeded
    run = MatchRun(company=facts.company, engine_version=ENGINE_VERSION, trigger=NEWS, started_at=started_at)
    lexicon = read_lexicon(facts.company)
    decisions = match_news(facts.invoices, facts.transactions, lexicon, facts.memory, facts.policy)
    store_decisions(run, facts, observe(decisions, facts.transactions, facts.observed_accounts), is_whole=False)
    return run


def _new_cents(company_id: UUID) -> frozenset[int]:
    """How much is open of each invoice and line that the last whole run may not have seen."""
    since = OuterRef("started_at") - MARGIN
    invoices = open_invoices(company_id).filter(updated_at__gt=since).order_by()
    lines = open_lines(company_id).filter(created_at__gt=since).order_by()
    runs = MatchRun.objects.whole().filter(company=company_id).order_by("-started_at")
    last = runs.annotate(
        new_invoices=ArraySubquery(invoices.values_list(JSONArray("currency", "cents"))),
        new_lines=ArraySubquery(lines.values_list(JSONArray("account__currency", "cents"))),
    ).first()
    if last is None:
        raise WholeRunNeeded
    found = [*last.new_invoices, *last.new_lines]
    if any(currency != CURRENCY for currency, _ in found):
        raise WholeRunNeeded
    return frozenset(cents for _, cents in found)


def read_lexicon(company: Company) -> Lexicon:
    """What `lexicon_of` would say of all that is open in the company: one query, and no fact of it."""
    suppliers: set[str] = set()
    cores: set[tuple[str, ...]] = set()
    numbers: set[str] = set()
    for booked_on, text, more in _texts(company):
        if booked_on:
            cores.add(read_label(joined(text, more), booked_on).words)
        else:
            suppliers.add(text)
            numbers.add(more)
    return Lexicon(frozenset(suppliers), frozenset(cores), frozenset(numbers))


def _texts(company: Company) -> QuerySet:
    """(day, label, detail) of each line; (None, supplier's name, number) of each invoice; (None, other name, "")."""
    lines, invoices = open_lines(company), open_invoices(company)
    others = SupplierAlias.objects.filter(company=company, supplier__in=invoices.values("supplier"))
    is_unnamed = When(supplier=None, supplier_name=UNNAMED, then=Value(""))
    name = Case(is_unnamed, default=Coalesce("supplier__name", "supplier_name"))
    of_lines = _columns(lines, F("booked_on"), F("label"), F("detail"))
    of_invoices = _columns(invoices, Value(None), name, F("reference"))
    of_others = _columns(others, Value(None), F("name"), Value(""))
    return of_lines.union(of_invoices, of_others, all=True).order_by()


def _columns(rows: QuerySet, day: F | Value, text: F | Case, more: F | Value) -> QuerySet:
    """Three columns, of the same types whatever the rows."""
    return rows.order_by().values_list(Cast(day, DateField()), Cast(text, TextField()), Cast(more, TextField()))
