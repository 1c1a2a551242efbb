"""What the engine decided → rows: allocations of the automatic matches, suggestions put in the place of the old ones.

In four queries, however many the rows: lock, write, settle, tell. Locks in one order, invoices, lines, matches, so that
a run and a person who decides never wait for each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from achats.settlement import settle_many
from banking.matching.facts import Decision, Part
from banking.matching.observing import is_observed
from banking.models import MatchRun, MatchState
from banking.runs.facts import Facts
from banking.runs.locking import lock_still_open
from banking.runs.writing import write_matches
from firms.events import record_kinds

Row = Mapping[str, Any]


def store_decisions(run: MatchRun, facts: Facts, decisions: list[Decision], *, is_whole: bool = True) -> None:
    """Store `run`, which is unsaved, and its `decisions`, counted on it.

    Those whose rows changed meanwhile, on whose account the machine was told another limit, or that a person refused
    meanwhile, are dropped: what changed asks for a run of its own. Where `facts` are not the
    `is_whole` company's, suggestions of what is not among them stay.
    """
    still_open = lock_still_open(facts, decisions)
    kept = [d for d in decisions if still_open.issuperset((*d.invoice_ids, *d.transaction_ids))]
    wanted = {(row["invoice_id"], row["transaction_id"]): row for row in _rows(run, facts, kept)}
    among = None if is_whole else [UUID(fact.id) for fact in facts.ends]
    refused = write_matches(run, list(wanted.values()), timezone.now(), among=among)
    made = [row for row in wanted.values() if row["state"] == MatchState.AUTO and row["decision"] not in refused]
    if made:
        _settle(run, made)


def _rows(run: MatchRun, facts: Facts, decisions: Iterable[Decision]) -> Iterator[Row]:
    """A row for each part of each decision; those of one decision of several parts bear its group."""
    currencies = {fact.id: fact.currency for fact in facts.ends}
    ranks: Counter[str] = Counter()
    for number, decision in enumerate(decisions):
        ranks.update(decision.transaction_ids)
        of_all = {"decision": number, **_of_decision(run, decision)}
        for part in decision.parts:
            is_foreign = currencies[part.invoice_id] != currencies[part.transaction_id]
            yield {**of_all, **_of_part(part, is_foreign), "rank": ranks[part.transaction_id]}


def _of_decision(run: MatchRun, decision: Decision) -> Row:
    return {
        "group": _group(run, decision),
        "state": MatchState(decision.state).value,
        "reasons": [{"code": reason.code, "values": dict(reason.values)} for reason in decision.reasons],
        "score": decision.score / 100,
        "record": dict(decision.record),
        "is_observed": is_observed(decision),
    }


def _of_part(part: Part, is_foreign: bool) -> Row:
    return {
        "invoice_id": part.invoice_id,
        "transaction_id": part.transaction_id,
        "amount_cents": part.cents,
        "invoice_cents": part.invoice_cents if is_foreign or part.cents != part.invoice_cents else None,
    }


def _group(run: MatchRun, decision: Decision) -> str | None:
    """The same name for the same parts, run after run; none for a pair."""
    if len(decision.parts) == 1:
        return None
    return str(uuid5(run.company_id, " ".join(sorted((*decision.invoice_ids, *decision.transaction_ids)))))


def _settle(run: MatchRun, made: Sequence[Row]) -> None:
    """Add the automatic matches of `run` to what is paid of their invoices; tell them, and what became settled."""
    paid: Counter[UUID] = Counter()
    lines: defaultdict[UUID, list[str]] = defaultdict(list)
    for row in made:
        invoice_id = UUID(row["invoice_id"])
        paid[invoice_id] += row["invoice_cents"] or row["amount_cents"]
        lines[invoice_id].append(row["transaction_id"])
    settled = settle_many(cents=paid, at=run.started_at)
    matched = {pk: {"match": [None, "auto"], "transaction": [None, " ".join(ids)]} for pk, ids in lines.items()}
    became = {pk: {"settlement": settled[pk]} for pk in matched if pk in settled}
    record_kinds(
        company=run.company, changes={"purchase.matched": matched, "purchase.settled": became}, at=run.started_at
    )
