from banking.models.account import Automation, BankAccount, BankAccountAlias, PaymentMethodMapping
from banking.models.alias import AliasKind, BankAlias
from banking.models.coding import LineCoding
from banking.models.csv_mapping import CsvMapping
from banking.models.feed_token import FeedToken
from banking.models.label_core import LabelCore
from banking.models.match import AGAINST, NEWS, GapKind, Match, MatchQuerySet, MatchRun, MatchState
from banking.models.piece_request import PieceReminder, PieceRequest, RequestedLine
from banking.models.policy import MatchingPolicy
from banking.models.statement import ASKING, UNDER_WAY, BankStatement, ImportState, StatementImport
from banking.models.transaction import BankTransaction, BankTransactionQuerySet

__all__ = [
    "AGAINST",
    "ASKING",
    "NEWS",
    "UNDER_WAY",
    "AliasKind",
    "Automation",
    "BankAccount",
    "BankAccountAlias",
    "BankAlias",
    "BankStatement",
    "BankTransaction",
    "BankTransactionQuerySet",
    "CsvMapping",
    "FeedToken",
    "GapKind",
    "ImportState",
    "LabelCore",
    "LineCoding",
    "Match",
    "MatchQuerySet",
    "MatchRun",
    "MatchState",
    "MatchingPolicy",
    "PaymentMethodMapping",
    "PieceReminder",
    "PieceRequest",
    "RequestedLine",
    "StatementImport",
]
