"""What the page « Rapprochement » shows, read in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import Coalesce

from banking.matches.deciding_many import automatic_of
from banking.models import BankAccount, BankTransaction, Match
from banking.review.pairs import Pair, pairs_of
from banking.review.tabs import (
    COUNTED_AT_MOST,
    PROPOSED,
    TABS,
    TO_DO,
    UNREAD,
    lines_of,
    number_in_words,
    order_of,
    reviewed_accounts,
)
from firms.models import Company
from firms.paging import KeyPage, key_page
from firms.typography import NBSP, count_of, format_money

SIZE = 25
KEPT = ("onglet", "compte", "apres", "avant")


class ReviewPage:
    """The review of `company` as an address asks for it; what it does not know is passed over."""

    def __init__(self, company: Company, asked: Mapping[str, str]) -> None:
        self.company = company
        self.asked = asked
        self.tab = asked.get("onglet", "") if asked.get("onglet", "") in TABS else TO_DO

    @property
    def query(self) -> str:
        """The part of the address that says which list this is."""
        return urlencode({name: self.asked[name] for name in KEPT if self.asked.get(name)})

    @cached_property
    def accounts(self) -> list[BankAccount]:
        return list(reviewed_accounts(self.company))

    @cached_property
    def account(self) -> BankAccount | None:
        return next((row for row in self.accounts if str(row.pk) == self.asked.get("compte")), None)

    @property
    def control(self) -> BankAccount | None:
        """The account whose balances are told: the first that does not add up, or the only one looked at."""
        only = self._looked_at[0] if len(self._looked_at) == 1 else None
        return next((row for row in self._looked_at if row.discrepancy_since), only)

    @property
    def _looked_at(self) -> list[BankAccount]:
        return [self.account] if self.account else self.accounts

    @property
    def waiting(self) -> int:
        return sum(row.waiting for row in self._looked_at)  # type: ignore[attr-defined] # annotated

    @property
    def proposed(self) -> int:
        return sum(row.proposed for row in self._looked_at)  # type: ignore[attr-defined] # annotated

    @property
    def unread(self) -> int:
        return sum(row.unread for row in self._looked_at)  # type: ignore[attr-defined] # annotated

    @property
    def observed(self) -> int:
        return sum(row.observed for row in self._looked_at)  # type: ignore[attr-defined] # annotated

    @property
    def waiting_in_words(self) -> str:
        """« 44 lignes · 12 610,20 € de débits · 4 395,65 € de crédits », the sums only where every line is counted."""
        if not self.waiting:
            return ""
        if self.waiting > COUNTED_AT_MOST:
            return f"{number_in_words(self.waiting)}{NBSP}lignes"
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in self._looked_at:
            sums[row.currency, "débits"] += row.debits  # type: ignore[attr-defined] # annotated
            sums[row.currency, "crédits"] += row.credits  # type: ignore[attr-defined] # annotated
        told = (f"{format_money(amount, currency)} de {sense}" for (currency, sense), amount in sums.items() if amount)
        return " · ".join([count_of(self.waiting, "ligne"), *told])

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """(name, words, how many; nothing where nothing is to be done)."""
        counted = {TO_DO: self.waiting, PROPOSED: self.proposed, UNREAD: self.unread}
        numbers = {name: number_in_words(number) for name, number in counted.items()}
        return [(name, words, numbers.get(name, "")) for name, words in TABS.items()]

    @property
    def covered_until(self) -> date | None:
        """The last day that the statements of every account looked at cover, None where there is none."""
        days = [row.closed_on for row in self._looked_at if row.closed_on]  # type: ignore[attr-defined] # annotated
        return min(days, default=None)

    @cached_property
    def page(self) -> KeyPage:
        rows = lines_of(self.company, tab=self.tab, account=self.account)
        after, before = self.asked.get("apres", ""), self.asked.get("avant", "")
        return key_page(rows, order_of(self.tab), after=after, before=before, size=SIZE)

    @cached_property
    def pairs(self) -> list[Pair]:
        return pairs_of(self.page.rows, tab=self.tab)

    def pair_of(self, line: BankTransaction) -> Pair:
        return pairs_of([line], tab=self.tab)[0]

    @cached_property
    def open_id(self) -> UUID | None:
        """The line that stands open: the one asked for, else the first that waits."""
        known = {str(pair.line.pk): pair.line.pk for pair in self.pairs}
        waiting = next((pair.line.pk for pair in self.pairs if pair.waits), None)
        return known.get(self.asked.get("ligne", ""), waiting)

    @property
    def unread_matches(self) -> list[Match]:
        """One row of each automatic match on the page."""
        found = (candidate.match for pair in self.pairs for candidate in pair.made if candidate.is_auto)
        return list({match.group or match.pk: match for match in found}.values())

    @cached_property
    def alike(self) -> dict[UUID, int]:
        """How many automatic matches each supplier and each run of the page has: one query, on that tab only."""
        return self.alike_of(self.pairs) if self.tab == UNREAD else {}

    def alike_of(self, pairs: list[Pair]) -> dict[UUID, int]:
        made = [candidate.match for pair in pairs for candidate in pair.made if candidate.is_auto]
        rows, number = automatic_of(self.company).order_by(), Count(Coalesce("group", "pk"), distinct=True)
        of_runs = rows.filter(run__in={match.run_id for match in made}).values_list("run").annotate(number=number)
        suppliers = {match.invoice.supplier_id for match in made}
        of_suppliers = rows.filter(invoice__supplier__in=suppliers).values_list("invoice__supplier")
        both = of_runs.union(of_suppliers.annotate(number=number), all=True).order_by()
        return dict(both) if made else {}
