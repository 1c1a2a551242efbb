"""The matching engine's one door: `match(invoices, transactions, memory, policy)`.

Read the labels, block by cents and window, weigh each pair, settle what is near certain; look for sums in what is left,
settle those that no accident explains; suggest the best of the rest.
Pure: the same facts give the same decisions, in whatever order they come.
"""

from collections.abc import Callable, Iterator, Sequence

from banking.matching.case import Case, read_case
from banking.matching.decision import Board, Pair, settle
from banking.matching.differences import foreign_amounts, misread_dates, small_differences
from banking.matching.explanation import explain
from banking.matching.facts import Decision, InvoiceFact, Memory, Part, Policy, State, TransactionFact
from banking.matching.groups import Group, Rest, rest_of, settle_groups
from banking.matching.instalments import parcels, payments_in_parts
from banking.matching.orders import deferred_cards, transfer_orders
from banking.matching.payments import payments_of_several
from banking.matching.record import record_of_group, record_of_pair
from banking.matching.scoring import FLOOR, score_parts
from banking.matching.suggestions import suggest

ENGINE_VERSION = "2"
PROPOSERS: tuple[Callable[[Rest], Iterator[Group]], ...] = (
    payments_in_parts,
    small_differences,
    payments_of_several,
    deferred_cards,
    parcels,
    transfer_orders,
    foreign_amounts,
    misread_dates,
)


def match(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    memory: Memory | None = None,
    policy: Policy | None = None,
) -> list[Decision]:
    """Decisions on open invoices and lines: the automatic ones first, then suggestions, best first.

    No invoice and no line stands in two automatic decisions. A line has at most `policy.suggestions_per_line`
    suggestions, and no pair of an invoice and a line stands in two of them.
    """
    policy = policy or Policy()
    case = read_case(invoices, transactions, memory or Memory(), policy)
    board = Board(_possible_pairs(case))
    settled = sorted(settle(board), key=lambda pair: pair.order)
    sums = list(_settled_sums(board, case))
    proposed = [group for propose in PROPOSERS for group in _proposed(propose, rest_of(board, case))]
    free = (pair for pair in board.pairs if pair.score >= FLOOR and board.is_free(pair))
    return [
        *(_decision(board, pair, "auto", policy) for pair in settled),
        *(_of_group(group, "auto") for group in sums),
        *suggest(
            [_decision(board, pair, "suggested", policy) for pair in free],
            [_of_group(group, "suggested") for group in proposed],
            per_line=policy.suggestions_per_line,
        ),
    ]


def _settled_sums(board: Board, case: Case) -> Iterator[Group]:
    """Kind after kind, the surest first, so that what one settles is no candidate of the next."""
    for propose in PROPOSERS:
        yield from settle_groups(board, _proposed(propose, rest_of(board, case)))


def _proposed(propose: Callable[[Rest], Iterator[Group]], rest: Rest) -> list[Group]:
    return [group for group in propose(rest) if not rest.case.is_refused(group.parts)]


def _possible_pairs(case: Case) -> Iterator[Pair]:
    weights = case.policy.weights
    for invoice in case.invoices:
        for read in case.index.of(invoice, case.policy):
            if (invoice.id, read[0].id) not in case.memory.refused:
                evidence = case.evidence(invoice, read)
                parts = weights.weigh(score_parts(evidence))
                yield Pair(evidence, parts, case.vetoes(evidence), weights.proven)


def _decision(board: Board, pair: Pair, state: State, policy: Policy) -> Decision:
    invoice, line = pair.evidence.invoice, pair.evidence.line
    part = Part(invoice.id, line.id, abs(line.cents), abs(invoice.cents))
    return Decision((part,), state, explain(board, pair, state, policy), pair.score, record_of_pair(pair, state))


def _of_group(group: Group, state: State) -> Decision:
    obstacles = group.obstacles if state == "suggested" else ()
    return Decision(group.parts, state, (*group.reasons, *obstacles), group.score, record_of_group(group, state))
