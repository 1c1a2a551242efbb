"""The noes that people said of a line or a purchase, as a page lists them: who, when, and whether it was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from achats.models import PurchaseInvoice
from banking.models import AGAINST, BankTransaction, Match, MatchState

NO = (*AGAINST, MatchState.REOPENED)


@dataclass(frozen=True)
class Refusal:
    """One no, to a pair or to a group of pairs: `invoices` and `lines` are those of its rows that were looked at."""

    match: Match
    invoices: list[PurchaseInvoice]
    lines: list[BankTransaction]

    @property
    def is_taken_back(self) -> bool:
        return self.match.state == MatchState.REOPENED

    @property
    def words(self) -> str:
        """« Défait » or « Refusé », whether it was taken back or not."""
        return MatchState(self.match.reopened_from or self._state).label

    @property
    def taken_back_as(self) -> str:
        """« refus repris », « repris » of a match that was undone."""
        return "repris" if self.match.reopened_from == MatchState.UNDONE else "refus repris"

    @property
    def _state(self) -> str:
        return MatchState.REFUSED if self.is_taken_back else self.match.state

    @property
    def of_whom(self) -> str:
        """« Orange · FA006834 », « 3 factures de Orange »… of what stands in the pair."""
        first, *others = self.invoices
        name = f"{first.supplier_name}{f' · {first.reference}' if first.reference else ''}"
        return f"{name} et {len(others)} autre{'s' if len(others) > 1 else ''}" if others else name


def number_taken_back(refusals: Iterable[Refusal]) -> int:
    """How many of them hold no more."""
    return sum(refusal.is_taken_back for refusal in refusals)


def refusals_of(rows: Iterable[Match]) -> list[Refusal]:
    """Those among `rows`, the latest first, a group being one."""
    noes = [row for row in rows if row.state in NO and row.decided_at]
    noes.sort(key=lambda row: (row.decided_at, row.pk), reverse=True)
    told: dict[tuple[object, object, str], list[Match]] = {}
    for row in noes:
        told.setdefault((row.group or row.pk, row.decided_at, row.state), []).append(row)
    return [
        Refusal(
            members[0],
            list({row.invoice_id: row.invoice for row in members}.values()),
            list({row.transaction_id: row.transaction for row in members}.values()),
        )
        for members in told.values()
    ]
