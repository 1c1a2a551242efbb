"""What the engine decided → rows: allocations of the automatic matches, suggestions put in the place of the old ones.

In a number of queries that does not grow with the rows. Locks in one order, invoices, lines, matches, so that a run
and a person who decides never wait for each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from achats.models import PurchaseInvoice, Settlement
from achats.settlement import derive_settlements
from banking.match_facts import Facts, cents
from banking.matching.facts import Decision, Part
from banking.matching.observing import is_observed
from banking.models import BankTransaction, Match, MatchRun, MatchState
from firms.events import record_events

Pair = tuple[UUID, UUID]


def store_decisions(run: MatchRun, facts: Facts, decisions: list[Decision]) -> None:
    """Store `decisions` of `run`, counting them on it (unsaved). Those whose rows changed meanwhile are dropped."""
    still_open = _lock_open(facts, decisions)
    kept = [d for d in decisions if still_open.issuperset((*d.invoice_ids, *d.transaction_ids))]
    wanted = {(m.invoice_id, m.transaction_id): m for m in _matches(run, facts, kept)}
    _replace_suggestions(run, wanted)
    automatic = [match for match in wanted.values() if match.state == MatchState.AUTO]
    _allocate(run, automatic)
    run.automatic, run.suggested = len(automatic), len(wanted) - len(automatic)


def _lock_open(facts: Facts, decisions: list[Decision]) -> set[str]:
    """The ids, of what is decided upon, whose rows are still as the engine saw them; all locked."""
    invoices = {fact.id: (facts.versions[fact.id], abs(fact.cents)) for fact in facts.invoices}
    lines = {fact.id: fact.cents for fact in facts.transactions}
    invoice_ids = {i for d in decisions for i in d.invoice_ids}
    line_ids = {t for d in decisions for t in d.transaction_ids}
    rows = PurchaseInvoice.objects.unsettled().filter(pk__in=invoice_ids).order_by("pk")
    locked = rows.select_for_update(no_key=True).only("updated_at", "gross_amount", "settled_cents")
    unchanged = {
        str(row.pk)
        for row in locked
        if (row.updated_at, cents(row.gross_amount) - row.settled_cents) == invoices[str(row.pk)]
    }
    moves = BankTransaction.objects.unmatched().filter(pk__in=line_ids).order_by("pk")
    for row in moves.select_for_update(no_key=True).only("amount", "allocated_cents"):
        if cents(abs(row.amount)) - row.allocated_cents == abs(lines[str(row.pk)]):
            unchanged.add(str(row.pk))
    return unchanged


def _matches(run: MatchRun, facts: Facts, decisions: Iterable[Decision]) -> Iterable[Match]:
    """A row for each part of each decision; those of one decision of several parts bear its group."""
    currencies = {invoice.id: invoice.currency for invoice in facts.invoices}
    currencies |= {line.id: line.currency for line in facts.transactions}
    ranks: Counter[str] = Counter()
    for decision in decisions:
        ranks.update(decision.transaction_ids)
        for part in decision.parts:
            is_foreign = currencies[part.invoice_id] != currencies[part.transaction_id]
            yield _row(run, decision, part, rank=ranks[part.transaction_id], is_foreign=is_foreign)


def _row(run: MatchRun, decision: Decision, part: Part, *, rank: int, is_foreign: bool) -> Match:
    return Match(
        company_id=run.company_id,
        run=run,
        invoice_id=UUID(part.invoice_id),
        transaction_id=UUID(part.transaction_id),
        group=_group(run, decision),
        amount_cents=part.cents,
        invoice_cents=part.invoice_cents if is_foreign or part.cents != part.invoice_cents else None,
        state=MatchState(decision.state),
        rank=rank,
        reasons=[{"code": reason.code, "values": dict(reason.values)} for reason in decision.reasons],
        score=decision.score / 100,
        record=dict(decision.record),
        is_observed=is_observed(decision),
    )


def _group(run: MatchRun, decision: Decision) -> UUID | None:
    """The same name for the same parts, run after run; none for a pair."""
    if len(decision.parts) == 1:
        return None
    return uuid5(run.company_id, " ".join(sorted((*decision.invoice_ids, *decision.transaction_ids))))


COMPARED = ("state", "rank", "reasons", "score", "group", "amount_cents", "invoice_cents", "record", "is_observed")


def _replace_suggestions(run: MatchRun, wanted: dict[Pair, Match]) -> None:
    """Keep the rows of pairs that are still suggested, mend those that changed, drop the stale, add the new."""
    rows = Match.objects.filter(company_id=run.company_id).suggested().order_by("pk")
    held = {(row.invoice_id, row.transaction_id): row for row in rows.select_for_update(no_key=True)}
    stale = [row.pk for pair, row in held.items() if pair not in wanted]
    changed = []
    for pair in held.keys() & wanted.keys():
        row, new = held[pair], wanted[pair]
        if any(getattr(row, name) != getattr(new, name) for name in COMPARED):
            new.pk, new.created_at = row.pk, row.created_at
            changed.append(new)
    Match.objects.filter(pk__in=stale).suggested().delete()
    Match.objects.bulk_update(changed, [*COMPARED, "run"])
    Match.objects.bulk_create(match for pair, match in wanted.items() if pair not in held)


def _allocate(run: MatchRun, automatic: list[Match]) -> None:
    """Add the automatic matches of `run` to the sums of both sides, derive the settlements, and tell."""
    made = Match.objects.filter(run=run, state=MatchState.AUTO).order_by()
    paid = made.filter(invoice=OuterRef("pk")).values("invoice")
    invoice_ids = {match.invoice_id for match in automatic}
    invoices = PurchaseInvoice.objects.filter(pk__in=invoice_ids)
    invoices.update(
        settled_cents=F("settled_cents")
        + Subquery(paid.annotate(cents=Sum(Coalesce("invoice_cents", "amount_cents"))).values("cents"))
    )
    taken = made.filter(transaction=OuterRef("pk")).values("transaction")
    BankTransaction.objects.filter(pk__in={match.transaction_id for match in automatic}).update(
        allocated_cents=F("allocated_cents") + Subquery(taken.annotate(cents=Sum("amount_cents")).values("cents"))
    )
    derive_settlements(invoice_ids=invoice_ids, at=run.started_at)
    _record(run, automatic)


def _record(run: MatchRun, automatic: list[Match]) -> None:
    """Tell what was matched, and what became settled by it."""
    lines = defaultdict(list)
    for match in automatic:
        lines[match.invoice_id].append(str(match.transaction_id))
    matched = {pk: {"match": [None, "auto"], "transaction": [None, " ".join(ids)]} for pk, ids in lines.items()}
    record_events(company=run.company, kind="purchase.matched", changes=matched, at=run.started_at)
    invoices = PurchaseInvoice.objects.filter(pk__in=lines, settlement=Settlement.SETTLED)
    changes = {
        pk: {"settlement": [Settlement.UNSETTLED, Settlement.SETTLED]} for pk in invoices.values_list("pk", flat=True)
    }
    record_events(company=run.company, kind="purchase.settled", changes=changes, at=run.started_at)
