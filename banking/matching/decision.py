"""What is settled by the machine, and what is left to a person.

A pair is automatic when it is proven, nothing forbids it, and no free rival at either end comes near it. Several
documents of one supplier and amount with as many lines are taken by date: any pairing gives the same books.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from banking.matching.facts import Policy
from banking.matching.features import Evidence
from banking.matching.scoring import MARGIN, is_close, is_proven
from banking.matching.weights import UNTRAINED

INTERCHANGEABLE_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair among its rivals: the best one's score (None: no rival), whether one of them is told as well, and whether
    it was taken by date, as one of as many documents as lines."""

    rival: int | None
    is_shadowed: bool
    is_in_order: bool = False


@dataclass(slots=True)
class Pair:
    """One possible pair, weighed. `vetoes` are the codes of what forbids to settle it by machine.

    `standing` is told of those that the machine might settle.
    """

    evidence: Evidence
    parts: dict[str, int]
    vetoes: tuple[str, ...]
    least: int = UNTRAINED.proven
    standing: Standing | None = None
    ends: tuple[str, str] = field(init=False)
    score: int = field(init=False)
    is_proven: bool = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self.evidence.invoice.id, self.evidence.line.id
        self.score = sum(self.parts.values())
        self.is_proven = is_proven(self.evidence, self.score, self.least)

    @property
    def order(self) -> tuple[int, str, str]:
        return (-self.score, *self.ends)


class Board:
    """The possible pairs by each of their ends, and the ends that are taken."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = sorted(pairs, key=lambda pair: pair.order)
        self.of_invoice: defaultdict[str, list[Pair]] = defaultdict(list)
        self.of_line: defaultdict[str, list[Pair]] = defaultdict(list)
        self.taken_invoices: set[str] = set()
        self.taken_lines: set[str] = set()
        for pair in self.pairs:
            invoice_id, line_id = pair.ends
            self.of_invoice[invoice_id].append(pair)
            self.of_line[line_id].append(pair)

    def is_free(self, pair: Pair) -> bool:
        return pair.ends[0] not in self.taken_invoices and pair.ends[1] not in self.taken_lines

    def take(self, pair: Pair) -> None:
        self.taken_invoices.add(pair.ends[0])
        self.taken_lines.add(pair.ends[1])

    def rivals(self, pair: Pair) -> list[Pair]:
        """The pairs that want one of the same two ends: free ones, and proven ones even if taken.

        A proven one that is taken is another month of the same supplier and amount. Were it forgotten, a document
        whose line is missing would take the line of the next month, whose document is missing.
        """
        both = (*self.of_invoice[pair.ends[0]], *self.of_line[pair.ends[1]])
        return [other for other in both if other is not pair and (other.is_proven or self.is_free(other))]

    def near_rivals(self, pair: Pair) -> list[Pair]:
        return [other for other in self.rivals(pair) if other.score > pair.score - MARGIN]


def vetoes_of(evidence: Evidence, policy: Policy, is_returned: bool) -> tuple[str, ...]:
    """Why this pair may not be settled by machine, whatever its score."""
    invoice, line = evidence.invoice, evidence.line
    found = {
        "off_bank": invoice.is_off_bank,
        "other_account": evidence.account == "contradicts",
        "other_card": evidence.card == "contradicts",
        "returned": is_returned or evidence.label.kind == "return",
        "cap": (cap := policy.caps_cents.get(line.account_id)) is not None and abs(line.cents) > cap,
        "auto_off": line.account_id in policy.accounts_without_auto,
    }
    return (*sorted(invoice.vetoes | line.vetoes), *(code for code, holds in found.items() if holds))


def settle(board: Board) -> list[Pair]:
    """The automatic pairs, taken on the board."""
    settled: list[Pair] = []
    while found := [*_unrivalled(board), *_in_order(board)]:
        settled += found
    for pair in board.pairs:
        if pair.standing is None and pair.evidence.is_told and not pair.vetoes:
            pair.standing = _standing(board, pair)
    return settled


def _unrivalled(board: Board) -> list[Pair]:
    found = [pair for pair in board.pairs if board.is_free(pair) and _is_certain(board, pair)]
    for pair in found:
        board.take(pair)
    return found


def _is_certain(board: Board, pair: Pair) -> bool:
    if not pair.is_proven or pair.vetoes:
        return False
    pair.standing = _standing(board, pair)
    return is_certain(pair, pair.standing)


def _standing(board: Board, pair: Pair) -> Standing:
    rivals = board.rivals(pair)
    told = any(rival.evidence.is_told for rival in rivals)
    return Standing(max((rival.score for rival in rivals), default=None), told)


def is_certain(pair: Pair, standing: Standing) -> bool:
    """Proven, allowed and unrivalled; one of a series must also be close in time, lest it be another month's."""
    if not pair.is_proven or pair.vetoes:
        return False
    if standing.is_in_order:
        return is_close(pair.evidence)
    if standing.rival is not None and standing.rival > pair.score - MARGIN:
        return False
    return is_close(pair.evidence) or not standing.is_shadowed


def _in_order(board: Board) -> list[Pair]:
    """Documents as many as lines, one supplier and one amount: first with first, where no other order is likely."""
    found: list[Pair] = []
    for group in _groups(board):
        pairs = _zipped(board, group)
        for pair in pairs:
            pair.standing = replace(_standing(board, pair), is_in_order=True)
            board.take(pair)
        found += pairs
    return found


def _groups(board: Board) -> list[list[Pair]]:
    """The proven pairs that are near rivals of each other, directly or by others."""
    proven = [pair for pair in board.pairs if pair.is_proven and board.is_free(pair)]
    seen: set[str] = set()
    groups = []
    for pair in proven:
        if pair.ends[0] not in seen:
            group = _connected(board, pair)
            seen |= {member.ends[0] for member in group}
            groups.append(group)
    return groups


def _connected(board: Board, start: Pair) -> list[Pair]:
    group: dict[tuple[str, str], Pair] = {}
    waiting = [start]
    while waiting:
        pair = waiting.pop()
        if pair.ends in group:
            continue
        group[pair.ends] = pair
        waiting += [other for other in board.near_rivals(pair) if other.is_proven and other.ends not in group]
    return list(group.values())


def _zipped(board: Board, group: list[Pair]) -> list[Pair]:
    invoices = {pair.ends[0]: pair.evidence.invoice for pair in group}
    lines = {pair.ends[1]: pair.evidence.line for pair in group}
    bought = {pair.ends[1]: pair.evidence.label.purchased_on for pair in group}
    if (
        len(invoices) != len(lines)
        or not all(map(board.is_free, group))
        or len({i.supplier_key or i.supplier for i in invoices.values()}) > 1
    ):
        return []
    first = sorted(invoices.values(), key=lambda i: (i.issued_on, i.id))
    second = sorted(lines.values(), key=lambda t: (bought.get(t.id) or t.booked_on, t.id))
    by_ends = {pair.ends: pair for pair in group}
    pairs = [by_ends.get((i.id, t.id)) for i, t in zip(first, second, strict=True)]
    chosen = [pair for pair in pairs if pair is not None and not pair.vetoes and is_close(pair.evidence)]
    if len(chosen) != len(pairs) or any(_has_stranger(board, pair, by_ends) for pair in chosen):
        return []
    return [] if _may_be_shifted(chosen) else chosen


def _has_stranger(board: Board, pair: Pair, by_ends: dict[tuple[str, str], Pair]) -> bool:
    return any(rival.ends not in by_ends for rival in board.near_rivals(pair))


def _may_be_shifted(chosen: list[Pair]) -> bool:
    """Whether a line could as well belong to the next document (the first line and the last document missing)."""
    for pair, following in pairwise(chosen):
        apart = (following.evidence.invoice.issued_on - pair.evidence.invoice.issued_on).days
        reach = (pair.evidence.line.booked_on - following.evidence.invoice.issued_on).days
        if apart > INTERCHANGEABLE_WITHIN and reach >= -INTERCHANGEABLE_WITHIN:
            return True
    return False
