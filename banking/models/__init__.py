from banking.models.account import BankAccount, PaymentMethodMapping
from banking.models.alias import AliasKind, BankAlias
from banking.models.match import Match, MatchQuerySet, MatchRun, MatchState
from banking.models.statement import BankStatement, ImportState, StatementImport
from banking.models.transaction import BankTransaction, BankTransactionQuerySet

__all__ = [
    "AliasKind",
    "BankAccount",
    "BankAlias",
    "BankStatement",
    "BankTransaction",
    "BankTransactionQuerySet",
    "ImportState",
    "Match",
    "MatchQuerySet",
    "MatchRun",
    "MatchState",
    "PaymentMethodMapping",
    "StatementImport",
]
