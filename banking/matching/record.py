"""What a decision was taken on, in plain values, so that it can be taken again: the regression test of an engine.

Of a pair: its features, vetoes and rivals. Of a sum: its obstacles and the accidents expected. A replay of a pair reads
and weighs the features anew; the scores of its rivals are those of then.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from banking.matching.decision import is_certain
from banking.matching.evidence import Evidence, features_of
from banking.matching.facts import InvoiceFact, State, TransactionFact
from banking.matching.fitting import Example
from banking.matching.groups import Group
from banking.matching.labels import Label
from banking.matching.pairs import Pair, Standing
from banking.matching.scoring import score_parts
from banking.matching.weights import Weights

Record = Mapping[str, Any]
UNREACHED = 100_000
SOME_DAY = date(2000, 1, 1)
PLAIN = (
    "name", "is_better_told", "is_alias", "reference", "is_another_named", "days", "days_of_purchase", "days_to_due",
    "card", "account",
)  # fmt: skip


def record_of_pair(pair: Pair, state: State) -> Record:
    evidence, standing = pair.evidence, pair.standing
    return {
        "state": state,
        "features": {name: getattr(evidence, name) for name in PLAIN}
        | {
            "cents": evidence.invoice.cents,
            "is_off_bank": evidence.invoice.is_off_bank,
            "kind": evidence.label.kind,
            "is_nameless": evidence.is_nameless,
        },
        "parts": pair.points,
        "vetoes": list(pair.vetoes),
        "standing": [standing.rival, standing.is_shadowed, standing.in_order] if standing else None,
    }


def record_of_group(group: Group, state: State) -> Record:
    codes = [reason.code for reason in group.obstacles]
    is_contested = state == "suggested" and group.is_certain
    return {"state": state, "accidents": group.accidents, "obstacles": codes, "is_contested": is_contested}


def decide_again(record: Record, score: int, weights: Weights) -> tuple[State, int]:
    """What this engine says of what is recorded, with its score; a sum keeps the `score` that it had."""
    if "features" not in record:
        group = Group((), (), tuple(record["obstacles"]), record["accidents"], score)
        return ("auto" if group.is_certain and not record["is_contested"] else "suggested"), score
    evidence = _evidence(record["features"])
    standing = Standing(*record["standing"]) if record["standing"] else None
    pair = Pair(evidence, weights.weigh(_points(evidence)), tuple(record["vetoes"]), weights.proven, standing)
    return ("auto" if standing and is_certain(pair, standing) else "suggested"), pair.score


def example_of(record: Record, *, is_right: bool, source: str = "") -> Example | None:
    """What a person's answer to a recorded pair teaches; nothing of a sum."""
    if "features" not in record:
        return None
    evidence = _evidence(record["features"])
    parts = _points(evidence)
    standing = Standing(*record["standing"]) if record["standing"] else None
    pair = Pair(evidence, parts, tuple(record["vetoes"]), least=-UNREACHED, standing=standing)
    return Example(parts, is_right, standing is not None and is_certain(pair, standing), source)


def _points(evidence: Evidence) -> dict[str, int]:
    return {name: int(points[0]) for name, points in score_parts(features_of([evidence])).items()}


def _evidence(features: Record) -> Evidence:
    words = () if features["is_nameless"] else ("NAMED",)
    return Evidence(
        invoice=InvoiceFact("", SOME_DAY, features["cents"], "", is_off_bank=features["is_off_bank"]),
        line=TransactionFact("", "", SOME_DAY, -features["cents"], ""),
        label=Label(features["kind"], words, frozenset(), None, "", "", "", None),
        told_as="",
        **{name: features[name] for name in PLAIN},
    )
