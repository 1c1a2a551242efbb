"""The matching engine's one door: `match(invoices, transactions, memory, policy)`.

Read the labels, block by cents and window, weigh each pair, settle what is near certain; look for sums in what is left,
settle those that no accident explains; suggest the best of the rest.
Pure: the same facts give the same decisions, in whatever order they come.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from banking.matching.blocking import LineIndex
from banking.matching.decision import Board, Pair, settle, vetoes_of
from banking.matching.differences import foreign_amounts, misread_dates, small_differences
from banking.matching.explanation import explain
from banking.matching.facts import Decision, InvoiceFact, Memory, Part, Policy, State, TransactionFact
from banking.matching.features import gather_evidence
from banking.matching.groups import Group, Rest, rest_of, settle_groups
from banking.matching.instalments import parcels, payments_in_parts
from banking.matching.labels import read_label
from banking.matching.names import Names
from banking.matching.orders import deferred_cards, transfer_orders
from banking.matching.payments import payments_of_several
from banking.matching.references import References
from banking.matching.scoring import FLOOR, score_parts
from banking.matching.suggestions import suggest

ENGINE_VERSION = "2"
RETURNED_WITHIN = timedelta(days=20)
PROPOSERS = (
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
    policy, memory = policy or Policy(), memory or Memory()
    reads = [(line, read_label(line.label, line.booked_on)) for line in transactions]
    names = Names((invoice.supplier for invoice in invoices), (label.words for _, label in reads))
    references = References(invoices)
    index = LineIndex(reads)
    returned = {line.id for line, label in reads if line.cents < 0 and _is_returned(index, line)}
    board = Board(_possible_pairs(invoices, index, names, references, memory, policy, returned))
    settled = sorted(settle(board), key=lambda pair: pair.order)

    def rest() -> Rest:
        return rest_of(
            board, invoices, reads, names=names, references=references, memory=memory, policy=policy, returned=returned
        )

    sums = list(_settled_sums(board, rest))
    proposed = [group for propose in PROPOSERS for group in _proposed(propose, rest())]
    return [
        *(_decision(board, pair, "auto", policy) for pair in settled),
        *(_of_group(group, "auto") for group in sums),
        *suggest(
            [_decision(board, pair, "suggested", policy) for pair in board.pairs if _is_suggested(board, pair)],
            [_of_group(group, "suggested") for group in proposed],
            per_line=policy.suggestions_per_line,
        ),
    ]


def _settled_sums(board: Board, rest: Callable[[], Rest]) -> Iterator[Group]:
    """Kind after kind, the surest first, so that what one settles is no candidate of the next."""
    for propose in PROPOSERS:
        yield from settle_groups(board, _proposed(propose, rest()))


def _proposed(propose: Callable[[Rest], Iterator[Group]], rest: Rest) -> list[Group]:
    return [group for group in propose(rest) if not rest.is_refused(group.parts)]


def _possible_pairs(
    invoices: Sequence[InvoiceFact],
    index: LineIndex,
    names: Names,
    references: References,
    memory: Memory,
    policy: Policy,
    returned: set[str],
) -> Iterator[Pair]:
    for invoice in invoices:
        for read in index.of(invoice, policy):
            if (invoice.id, read[0].id) not in memory.refused:
                evidence = gather_evidence(invoice, read, names, references, memory)
                yield Pair(evidence, score_parts(evidence), vetoes_of(evidence, policy, read[0].id in returned))


def _is_returned(index: LineIndex, line: TransactionFact) -> bool:
    """A line whose cents came back as a rejected payment within some days paid nothing."""
    return any(label.kind == "return" for _, label in index.returns(line, RETURNED_WITHIN))


def _is_suggested(board: Board, pair: Pair) -> bool:
    return pair.score >= FLOOR and board.is_free(pair)


def _decision(board: Board, pair: Pair, state: State, policy: Policy) -> Decision:
    invoice, line = pair.evidence.invoice, pair.evidence.line
    part = Part(invoice.id, line.id, abs(line.cents), abs(invoice.cents))
    return Decision((part,), state, explain(board, pair, state, policy), pair.score)


def _of_group(group: Group, state: State) -> Decision:
    return Decision(
        group.parts, state, (*group.reasons, *(group.obstacles if state == "suggested" else ())), group.score
    )
