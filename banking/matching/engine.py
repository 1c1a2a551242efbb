"""The matching engine's door: `match(invoices, transactions, memory, policy)`; `match_news` for a few new ones.

Read the labels, block by cents and window, weigh each pair, settle what is near certain; look for sums in what is left,
settle those that no accident explains; suggest the best of the rest.
Pure: the same facts give the same decisions, in whatever order they come.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from banking.matching.board import Board
from banking.matching.case import Case, read_case
from banking.matching.decision import settle
from banking.matching.differences import foreign_amounts, misread_dates, small_differences
from banking.matching.explanation import explain
from banking.matching.facts import Decision, InvoiceFact, Lexicon, Memory, Policy, Reason, State, TransactionFact
from banking.matching.groups import Group, Rest, rest_of, settle_groups
from banking.matching.instalments import parcels, payments_in_parts
from banking.matching.orders import deferred_cards, transfer_orders
from banking.matching.pairs import Pair
from banking.matching.payments import payments_of_several
from banking.matching.record import record_of_group, record_of_pair
from banking.matching.suggestions import suggest

ENGINE_VERSION = "6"
DOUBTED = Reason("not_auto_doubted")
CONTESTED = Reason("not_auto_contested")
Proposers = tuple[Callable[[Rest], Iterator[Group]], ...]
PROPOSERS: Proposers = (
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
    seen: Mapping[str, int] | None = None,
) -> list[Decision]:
    """Decisions on open invoices and lines: the automatic ones first, then suggestions, best first.

    `seen` tells in how many different labels of the company each word stands; without it, those of these lines count.

    No invoice and no line stands in two automatic decisions. A line has at most `policy.suggestions_per_line`
    suggestions, and no pair of an invoice and a line stands in two of them.
    """
    return _decide(read_case(invoices, transactions, memory or Memory(), policy or Policy(), seen=seen), PROPOSERS)


def match_news(
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    lexicon: Lexicon,
    memory: Memory | None = None,
    policy: Policy | None = None,
) -> list[Decision]:
    """Of some invoices and lines the decisions that `match` takes on pairs of equal cents, when asked about all.

    `lexicon` is that of the whole company, of which only what these labels and names ask for is needed.
    They must be all that are open of their cents, in either sense, in one currency, and no label may give an amount in
    another (`is_foreign`): no pair of theirs then has a rival outside. Sums wait for `match`, which may then take what
    is only suggested here.
    """
    case = read_case(invoices, transactions, memory or Memory(), policy or Policy(), lexicon)
    return _decide(case, (misread_dates,))


def _decide(case: Case, proposers: Proposers) -> list[Decision]:
    board, policy = case.board(), case.policy
    settled = sorted(settle(board), key=lambda pair: pair.order)
    sums = list(_settled_sums(board, case, proposers))
    return [
        *(_of_pair(board, pair, "auto", policy) for pair in settled),
        *(_of_group(group, "auto") for group in sums),
        *_suggested(board, case, proposers),
    ]


def _settled_sums(board: Board, case: Case, proposers: Proposers) -> Iterator[Group]:
    """Kind after kind, the surest first, so that what one settles is no candidate of the next."""
    rest = rest_of(board, case)
    for propose in proposers:
        settled = settle_groups(board, _proposed(propose, rest))
        yield from settled
        rest = rest_of(board, case) if settled else rest


def _suggested(board: Board, case: Case, proposers: Proposers) -> Iterator[Decision]:
    """The best of each line, among the pairs and the sums of what nothing took."""
    rest, policy = rest_of(board, case), case.policy
    groups = [group for propose in proposers for group in _proposed(propose, rest)]
    in_groups = Counter(part.transaction_id for group in groups for part in group.parts)
    # A pair may be passed over for each part of a sum that holds it; past those, only a line's first ones are kept.
    pairs = board.suggestible(lambda line_id: policy.suggestions_per_line + in_groups[line_id])
    for found in suggest([*pairs, *groups], per_line=policy.suggestions_per_line):
        yield _of_group(found, "suggested") if isinstance(found, Group) else _of_pair(board, found, "suggested", policy)


def _proposed(propose: Callable[[Rest], Iterator[Group]], rest: Rest) -> list[Group]:
    return [_doubted(group, rest.case) for group in propose(rest) if not rest.case.is_refused(group.parts)]


def _doubted(group: Group, case: Case) -> Group:
    """The group as a person may see it: with why the machine leaves it to him, if one of its pairs was once refused."""
    is_told = DOUBTED in group.obstacles or not case.is_doubted(group.parts)
    return group if is_told else replace(group, obstacles=(*group.obstacles, DOUBTED))


def _of_pair(board: Board, pair: Pair, state: State, policy: Policy) -> Decision:
    return Decision(pair.parts, state, explain(board, pair, state, policy), pair.score, record_of_pair(pair, state))


def _of_group(group: Group, state: State) -> Decision:
    obstacles = (group.obstacles or (CONTESTED,)) if state == "suggested" else ()
    return Decision(group.parts, state, (*group.reasons, *obstacles), group.score, record_of_group(group, state))
