"""The best suggestions of each line: few, and no pair of an invoice and a line twice."""

from collections import Counter
from collections.abc import Iterable

from banking.matching.facts import Decision


def suggest(pairs: Iterable[Decision], groups: Iterable[Decision], *, per_line: int) -> list[Decision]:
    """Of all that is proposed, the best `per_line` of each line."""
    count: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    kept = []
    for decision in sorted([*pairs, *groups], key=_order):
        ends = {(part.invoice_id, part.transaction_id) for part in decision.parts}
        if ends & seen or any(count[line_id] >= per_line for line_id in decision.transaction_ids):
            continue
        seen |= ends
        count.update(decision.transaction_ids)
        kept.append(decision)
    return kept


def _order(decision: Decision) -> tuple[int, tuple[tuple[str, str], ...]]:
    return -decision.score, tuple((part.invoice_id, part.transaction_id) for part in decision.parts)
