from ledger.models.account import Account, AccountQuerySet
from ledger.models.bookkeeping import AccountingMode, Bookkeeping, VatRegime
from ledger.models.period import FiscalYear
from ledger.models.vat import VatCode, VatCodeQuerySet, VatKind

__all__ = [
    "Account",
    "AccountQuerySet",
    "AccountingMode",
    "Bookkeeping",
    "FiscalYear",
    "VatCode",
    "VatCodeQuerySet",
    "VatKind",
    "VatRegime",
]
