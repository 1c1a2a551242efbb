"""The reasons of one decision, in reading order: the amount, what names it, the dates, what forbade."""

from collections.abc import Iterator

from banking.matching.board import Board
from banking.matching.evidence import Evidence
from banking.matching.facts import Policy, Reason, State
from banking.matching.features import TOLD
from banking.matching.names import told_in
from banking.matching.pairs import Pair
from banking.matching.scoring import is_apart, is_far_from_due


def explain(board: Board, pair: Pair, state: State, policy: Policy) -> tuple[Reason, ...]:
    found = [*_amount(pair, policy), *_signs(pair.evidence), *_dates(pair.evidence)]
    if state == "auto":
        found += _series(pair)
    else:
        found += _obstacles(board, pair)
    return tuple(found)


def _amount(pair: Pair, policy: Policy) -> Iterator[Reason]:
    invoice = pair.evidence.invoice
    yield Reason("amount_equal", {"currency": invoice.currency})
    if pair.is_only_line:
        days = policy.days_before + policy.days_after
        yield Reason("only_line", {"cents": abs(invoice.cents), "currency": invoice.currency, "days": days})


def _signs(evidence: Evidence) -> Iterator[Reason]:
    if evidence.reference:
        yield Reason("reference", {"reference": evidence.reference})
    if evidence.is_alias:
        yield Reason("alias", {"supplier": evidence.told_as})
    elif evidence.name >= TOLD and (told := told_in(evidence.told_as, evidence.label.words)):
        yield Reason("name", {"name": told})
    if evidence.card == "agrees":
        yield Reason("card", {"last_four": evidence.label.last_four})
    elif evidence.account == "agrees":
        yield Reason("account")


def _dates(evidence: Evidence) -> Iterator[Reason]:
    bought = evidence.label.purchased_on
    if bought and evidence.days_of_purchase is not None and abs(evidence.days_of_purchase) <= 7:
        yield Reason("purchase_date", {"on": bought.isoformat()})
    elif evidence.days_to_due is not None:
        yield Reason("paid_to_due", {"days": evidence.days_to_due})
    else:
        yield Reason("paid_to_document", {"days": evidence.days})


def _series(pair: Pair) -> Iterator[Reason]:
    """Several of the same supplier and amount were taken by date."""
    if pair.standing is not None and pair.standing.in_order:
        yield Reason("in_order", {"count": pair.standing.in_order})


def _obstacles(board: Board, pair: Pair) -> Iterator[Reason]:
    """Why it is only a suggestion; the first obstacle is enough for a reader, vetoes are all said."""
    yield from (Reason(f"not_auto_{code}") for code in pair.vetoes)
    invoices, lines = board.count_near_rivals(pair)
    if lines:
        yield Reason("not_auto_lines", {"count": lines + 1})
    if invoices:
        yield Reason("not_auto_invoices", {"count": invoices + 1})
    if not pair.vetoes and not lines and not invoices:
        yield from _weakness(pair)


def _weakness(pair: Pair) -> Iterator[Reason]:
    evidence = pair.evidence
    if evidence.is_another_named:
        yield Reason("not_auto_other_number")
    elif evidence.is_nameless and not evidence.reference:
        yield Reason("not_auto_nameless")
    elif evidence.name >= TOLD and evidence.is_better_told:
        yield Reason("not_auto_better_told")
    elif evidence.name < TOLD:
        yield Reason("not_auto_name", {"supplier": name}) if (name := evidence.told_as) else Reason("not_auto_unnamed")
    elif evidence.days_of_purchase is not None and is_apart(evidence, evidence.label):
        yield Reason("not_auto_bought")
    elif pair.score < pair.least or _is_ill_timed(pair):
        yield Reason("not_auto_weak")
    else:
        yield Reason("not_auto_series")


def _is_ill_timed(pair: Pair) -> bool:
    """The days alone are against it, whatever else its supplier asks for."""
    is_shadowed = pair.standing is not None and pair.standing.is_shadowed
    return is_apart(pair.evidence, pair.evidence.label) or (is_far_from_due(pair.evidence) and not is_shadowed)
