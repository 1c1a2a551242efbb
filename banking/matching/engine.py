"""The matching engine's one door: `match(invoices, transactions, memory, policy)`.

Read the labels, block by cents and window, weigh each pair, settle what is near certain, suggest the best of the rest.
Pure: the same facts give the same decisions, in whatever order they come.
"""

from collections.abc import Sequence
from datetime import timedelta

from banking.matching.blocking import LineIndex
from banking.matching.decision import Board, Pair, settle, vetoes_of
from banking.matching.explanation import explain
from banking.matching.facts import Decision, InvoiceFact, Memory, Policy, State, TransactionFact
from banking.matching.features import gather_evidence
from banking.matching.labels import read_label
from banking.matching.names import Names
from banking.matching.scoring import FLOOR, score_parts

ENGINE_VERSION = "1"
RETURNED_WITHIN = timedelta(days=20)


def match(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    memory: Memory | None = None,
    policy: Policy | None = None,
) -> list[Decision]:
    """Decisions on open invoices and lines: the automatic ones first, then suggestions, best first.

    No invoice and no line stands in two automatic decisions. A line has at most `policy.suggestions_per_line`.
    """
    policy = policy or Policy()
    board = Board(_possible_pairs(invoices, transactions, memory or Memory(), policy))
    settled = sorted(settle(board), key=lambda pair: pair.order)
    return [
        *(_decision(board, pair, "auto", policy) for pair in settled),
        *(_decision(board, pair, "suggested", policy) for pair in _suggested(board, policy)),
    ]


def _possible_pairs(
    invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact], memory: Memory, policy: Policy
) -> list[Pair]:
    reads = [(line, read_label(line.label, line.booked_on)) for line in transactions]
    index = LineIndex(reads)
    names = Names((invoice.supplier for invoice in invoices), (label.words for _, label in reads))
    returned = {line.id for line, label in reads if line.cents < 0 and _is_returned(index, line)}
    pairs = []
    for invoice in invoices:
        for read in index.of(invoice, policy):
            if (invoice.id, read[0].id) not in memory.refused:
                evidence = gather_evidence(invoice, read, names, memory)
                pairs.append(Pair(evidence, score_parts(evidence), vetoes_of(evidence, policy, read[0].id in returned)))
    return pairs


def _is_returned(index: LineIndex, line: TransactionFact) -> bool:
    """A line whose cents came back as a rejected payment within some days paid nothing."""
    return any(label.kind == "return" for _, label in index.returns(line, RETURNED_WITHIN))


def _suggested(board: Board, policy: Policy) -> list[Pair]:
    """The best free pairs of each free line."""
    kept: dict[str, int] = {}
    found = []
    for pair in board.pairs:
        line_id = pair.ends[1]
        if pair.score >= FLOOR and board.is_free(pair) and kept.get(line_id, 0) < policy.suggestions_per_line:
            kept[line_id] = kept.get(line_id, 0) + 1
            found.append(pair)
    return found


def _decision(board: Board, pair: Pair, state: State, policy: Policy) -> Decision:
    return Decision((pair.ends[0],), (pair.ends[1],), state, explain(board, pair, state, policy), pair.score)
