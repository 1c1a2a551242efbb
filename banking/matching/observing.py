"""On an account in observation the machine decides as ever, and a person acts: what it would have made is suggested."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from banking.matching.facts import Decision, Reason, TransactionFact

CODE = "not_auto_observed"


def observe(
    decisions: Iterable[Decision], transactions: Sequence[TransactionFact], accounts: frozenset[str]
) -> list[Decision]:
    """The decisions, those made by the machine on one of `accounts` as suggestions, before all others."""
    watched = {line.id for line in transactions if line.account_id in accounts}
    acting: list[Decision] = []
    rest: list[Decision] = []
    for decision in decisions:
        if decision.state == "auto" and watched.intersection(decision.transaction_ids):
            rest.append(replace(decision, state="suggested", reasons=(*decision.reasons, Reason(CODE))))
        else:
            (acting if decision.state == "auto" else rest).append(decision)
    return [*acting, *sorted(rest, key=lambda decision: not is_observed(decision))]


def is_observed(decision: Decision) -> bool:
    """Whether the machine would have made it by itself on another account."""
    return any(reason.code == CODE for reason in decision.reasons)
