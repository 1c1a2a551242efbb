"""Which accounts answer to what a person types: a number or its start, or the start of a word of the label."""

from collections.abc import Sequence

from firms.folding import fold
from ledger.models import Account

ACCOUNT_CODE = 8


def answering_accounts(accounts: Sequence[Account], text: str) -> list[Account]:
    """« 6257 », « récep », « 62570000 Réceptions » → the accounts in their order, those whose label it opens first.

    A whole number means that account alone.
    """
    if not (words := text.split()):
        return []
    head = words[0]
    if len(head) == ACCOUNT_CODE and head[:3].isdigit():
        return [account for account in accounts if account.code == head.upper()]
    if head.isdigit():
        return [account for account in accounts if account.code.startswith(head)]
    sought = fold(text)
    named = [account for account in accounts if f" {sought}" in f" {fold(account.label)}"]
    return sorted(named, key=lambda account: not fold(account.label).startswith(sought))


def meant_accounts(accounts: Sequence[Account], text: str) -> list[Account]:
    """Those that one means who types no more: where the words open a label, only those whose label they open."""
    found = answering_accounts(accounts, text)
    return [account for account in found if fold(account.label).startswith(fold(text))] or found
