from ledger.models.account import Account, AccountQuerySet
from ledger.models.bookkeeping import AccountingMode, Bookkeeping, VatRegime
from ledger.models.entry import EntryLine, EntryState, JournalEntry
from ledger.models.journal import Journal, JournalKind
from ledger.models.period import FiscalYear
from ledger.models.third_party import ThirdPartyAccount
from ledger.models.vat import VatCode, VatCodeQuerySet, VatKind

__all__ = [
    "Account",
    "AccountQuerySet",
    "AccountingMode",
    "Bookkeeping",
    "EntryLine",
    "EntryState",
    "FiscalYear",
    "Journal",
    "JournalEntry",
    "JournalKind",
    "ThirdPartyAccount",
    "VatCode",
    "VatCodeQuerySet",
    "VatKind",
    "VatRegime",
]
