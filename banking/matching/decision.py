"""What is settled by the machine, and what is left to a person.

A pair is automatic when it is proven, nothing forbids it, and no free rival at either end comes near it. Several
documents of one supplier and amount with as many lines are taken by date: any pairing gives the same books.
"""

from dataclasses import replace
from itertools import pairwise

from banking.matching.blocking import Read
from banking.matching.board import ALIKE, Board
from banking.matching.facts import InvoiceFact, Policy
from banking.matching.features import agreement, membership
from banking.matching.pairs import Pair, Standing
from banking.matching.scoring import MARGIN, is_apart, is_close, is_close_in_order, is_far_from_due

INTERCHANGEABLE_WITHIN = 3
IN_ORDER = Standing(None, is_shadowed=True, in_order=2)
# Pairs of one supplier and amount that rival each other: beyond, no order by date is sure, and to look costs long.
MOST_ALIKE = ALIKE * ALIKE


def vetoes_of(invoice: InvoiceFact, read: Read, policy: Policy, is_returned: bool) -> tuple[str, ...]:
    """Why this pair may not be settled by machine, whatever its score."""
    line, label = read
    found = {
        "off_bank": invoice.is_off_bank,
        "other_account": membership(invoice.account_keys, line.account_id) == "contradicts",
        "other_card": agreement(invoice.method_last_four, label.last_four) == "contradicts",
        "returned": is_returned or label.kind == "return",
        "withdrawal": label.kind == "withdrawal",
        "cap": (cap := policy.caps_cents.get(line.account_id)) is not None and abs(line.cents) > cap,
        "auto_off": line.account_id in policy.accounts_without_auto,
    }
    return (*sorted(invoice.vetoes | line.vetoes), *(code for code, holds in found.items() if holds))


def settle(board: Board) -> list[Pair]:
    """The automatic pairs, taken on the board."""
    settled: list[Pair] = []
    while found := [*_unrivalled(board), *_in_order(board)]:
        settled += found
    board.note_standings()
    return settled


def _unrivalled(board: Board) -> list[Pair]:
    found = [pair for pair in board.unrivalled() if pair.standing and is_certain(pair, pair.standing)]
    for pair in found:
        board.take(*pair.ends)
    return found


def is_certain(pair: Pair, standing: Standing) -> bool:
    """Proven, allowed and unrivalled; one of a series must also be close in time, lest it be another month's."""
    if not pair.is_proven or pair.vetoes or is_apart(pair.evidence, pair.evidence.label):
        return False
    if standing.in_order:
        return is_close_in_order(pair.evidence, pair.evidence.label)
    if standing.rival is not None and (standing.rival > pair.score - MARGIN or is_far_from_due(pair.evidence)):
        return False
    return not standing.is_shadowed or is_close(pair.evidence, pair.evidence.label)


def _in_order(board: Board) -> list[Pair]:
    """Documents as many as lines, one supplier and one amount: first with first, where no other order is likely."""
    found: list[Pair] = []
    for group in _groups(board):
        pairs = _zipped(board, group) if len(group) <= MOST_ALIKE else []
        for pair in pairs:
            pair.standing = replace(board.standing(pair), in_order=len(pairs))
            board.take(*pair.ends)
        found += pairs
    return found


def _groups(board: Board) -> list[list[Pair]]:
    """The proven pairs that are near rivals of each other, directly or by others."""
    proven = [pair for pair in board.proven if board.is_free(pair)]
    seen: set[str] = set()
    groups = []
    for pair in proven:
        if pair.ends[0] not in seen:
            group = _connected(board, pair)
            seen |= {member.ends[0] for member in group}
            groups.append(group)
    return groups


def _connected(board: Board, start: Pair) -> list[Pair]:
    """The group of a pair; one of more than `MOST_ALIKE` is not followed to its end, and is left to a person."""
    group = {start.ends: start}
    waiting = [start]
    while waiting and len(group) <= MOST_ALIKE:
        found = {other.ends: other for other in board.near_proven(waiting.pop()) if other.ends not in group}
        group |= found
        waiting += found.values()
    return list(group.values())


def _zipped(board: Board, group: list[Pair]) -> list[Pair]:
    invoices = {pair.ends[0]: pair.evidence.invoice for pair in group}
    lines = {pair.ends[1]: pair.evidence.line for pair in group}
    bought = {pair.ends[1]: pair.evidence.label.purchased_on for pair in group}
    if (
        len(group) == 1
        or len(invoices) != len(lines)
        or not all(map(board.is_free, group))
        or len({i.supplier_key or i.supplier for i in invoices.values()}) > 1
    ):
        return []
    first = sorted(invoices.values(), key=lambda i: (i.issued_on, i.id))
    second = sorted(lines.values(), key=lambda t: (bought.get(t.id) or t.booked_on, t.id))
    by_ends = {pair.ends: pair for pair in group}
    pairs = [by_ends.get((i.id, t.id)) for i, t in zip(first, second, strict=True)]
    chosen = [pair for pair in pairs if pair is not None and is_certain(pair, IN_ORDER)]
    rows = {pair.row for pair in group}
    if len(chosen) != len(pairs) or any(not rows.issuperset(board.near_rivals(pair).tolist()) for pair in chosen):
        return []
    return [] if _may_be_shifted(chosen) else chosen


def _may_be_shifted(chosen: list[Pair]) -> bool:
    """Whether a line could as well belong to the next document (the first line and the last document missing)."""
    for pair, following in pairwise(chosen):
        apart = (following.evidence.invoice.issued_on - pair.evidence.invoice.issued_on).days
        reach = (pair.evidence.line.booked_on - following.evidence.invoice.issued_on).days
        if apart > INTERCHANGEABLE_WITHIN and reach >= -INTERCHANGEABLE_WITHIN:
            return True
    return False
