"""The best suggestions of each line: few, and no pair of an invoice and a line twice."""

from collections import Counter
from collections.abc import Iterable

from banking.matching.groups import Group
from banking.matching.pairs import Pair


def suggest(proposals: Iterable[Pair | Group], *, per_line: int) -> list[Pair | Group]:
    """Of all that is proposed, the best `per_line` of each line."""
    count: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    kept = []
    for proposal in sorted(proposals, key=_order):
        ends = {(part.invoice_id, part.transaction_id) for part in proposal.parts}
        lines = {part.transaction_id for part in proposal.parts}
        if ends & seen or any(count[line_id] >= per_line for line_id in lines):
            continue
        seen |= ends
        count.update(lines)
        kept.append(proposal)
    return kept


def _order(proposal: Pair | Group) -> tuple[int, tuple[tuple[str, str], ...]]:
    return -proposal.score, tuple((part.invoice_id, part.transaction_id) for part in proposal.parts)
