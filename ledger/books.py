"""How a company's books stand: which days are closed, which year a day is of."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from firms.models import Company
from firms.typography import format_day
from ledger.models import AccountingMode, Bookkeeping, FiscalYear, Journal, VatRegime
from ledger.opening import JOURNALS


class NoFiscalYear(Exception):
    """No year of the company's books holds `day`. `str()` is one French sentence."""

    def __init__(self, day: date) -> None:
        super().__init__(f"Aucun exercice du dossier ne contient le {format_day(day)} : ouvrez-le, ou changez la date.")
        self.day = day


def are_cash_based(company: Company) -> bool:
    """Whether an entry waits for the payment; no query where the company came with its bookkeeping."""
    try:
        return company.bookkeeping.accounting_mode == AccountingMode.CASH
    except Bookkeeping.DoesNotExist:
        return False


@dataclass(frozen=True)
class Books:
    """The settings of a company's books, its years and the codes of its journals, read once."""

    company: Company
    bookkeeping: Bookkeeping
    years: tuple[FiscalYear, ...]
    journals: frozenset[str] = frozenset(JOURNALS)

    @classmethod
    def of(cls, company: Company) -> Self:
        """Two queries."""
        codes = ArraySubquery(Journal.objects.filter(company=OuterRef("company")).order_by().values("code"))
        kept = Bookkeeping.objects.filter(company=company).annotate(journals=codes).first()
        journals = kept.journals if kept else ()
        years = FiscalYear.objects.filter(company=company).order_by("starts_on")
        return cls(company, kept or Bookkeeping(company=company), tuple(years), frozenset(journals))

    @property
    def is_cash_based(self) -> bool:
        """An entry waits for the payment (CGI art. 302 septies A ter A and BNC)."""
        return self.bookkeeping.accounting_mode == AccountingMode.CASH

    @property
    def deducts_vat(self) -> bool:
        """Whoever is in « franchise en base » deducts none (CGI art. 293 B and 293 F)."""
        return self.bookkeeping.vat_regime != VatRegime.EXEMPT

    def is_closed(self, day: date) -> bool:
        """Whether nothing may be written any more on `day`."""
        locked_until = self.bookkeeping.locked_until
        return locked_until is not None and day <= locked_until

    def open_day(self, day: date) -> date:
        """`day`, or the first open one where it is closed."""
        locked_until = self.bookkeeping.locked_until
        return locked_until + timedelta(days=1) if locked_until and day <= locked_until else day

    def year_of(self, day: date) -> FiscalYear:
        """The year that holds `day`. Raises NoFiscalYear."""
        for year in self.years:
            if year.starts_on <= day <= year.ends_on:
                return year
        raise NoFiscalYear(day)
