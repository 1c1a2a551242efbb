"""One pair that is looked at by itself: what a reader is told of it, and what is recorded of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from banking.matching.blocking import Read
from banking.matching.columns import UNKNOWN, Ints, flags
from banking.matching.facts import InvoiceFact, TransactionFact
from banking.matching.features import NEVER, SIGN, TOLD, Agreement, Features, is_nameless, is_round
from banking.matching.labels import Label
from banking.matching.references import shared_reference


@dataclass(frozen=True, slots=True)
class Nearness:
    """What says how near a document and a line are, but their names: a number that both bear, and days as above."""

    reference: str
    days: int
    days_of_purchase: int | None
    days_to_due: int | None


@dataclass(frozen=True, slots=True)
class Evidence(Nearness):
    """One pair that is looked at by itself, as `Features` are many. `told_as` is the name that the label tells best."""

    invoice: InvoiceFact
    line: TransactionFact
    label: Label
    told_as: str
    name: float
    is_better_told: bool
    is_alias: bool
    is_another_named: bool
    card: Agreement
    account: Agreement

    @property
    def is_told(self) -> bool:
        """As `Features.is_told`."""
        by_name = self.name >= TOLD and not self.is_better_told
        return not self.is_another_named and (bool(self.reference) or self.is_alias or by_name)

    @property
    def is_nameless(self) -> bool:
        return is_nameless(self.label)


def nearness(invoice: InvoiceFact, read: Read) -> Nearness:
    line, label = read
    return Nearness(
        reference=shared_reference(invoice.number, label.references),
        days=(line.booked_on - invoice.issued_on).days,
        days_of_purchase=(label.purchased_on - invoice.issued_on).days if label.purchased_on else None,
        days_to_due=(line.booked_on - invoice.due_on).days if invoice.due_on else None,
    )


def features_of(found: Sequence[Evidence]) -> Features:
    """Pairs that are known one by one, as columns; they have no places."""
    nowhere = np.full(len(found), UNKNOWN)
    return Features(
        at=(nowhere, nowhere),
        told_as=nowhere,
        name=np.array([pair.name for pair in found]),
        is_better_told=flags(pair.is_better_told for pair in found),
        is_alias=flags(pair.is_alias for pair in found),
        has_reference=flags(bool(pair.reference) for pair in found),
        is_another_named=flags(pair.is_another_named for pair in found),
        is_nameless=flags(pair.is_nameless for pair in found),
        is_round=flags(is_round(pair.invoice) for pair in found),
        is_off_bank=flags(pair.invoice.is_off_bank for pair in found),
        is_card=flags(pair.label.kind == "card" for pair in found),
        days=np.array([pair.days for pair in found]),
        days_of_purchase=_or_never(pair.days_of_purchase for pair in found),
        days_to_due=_or_never(pair.days_to_due for pair in found),
        card=np.array([SIGN[pair.card] for pair in found]),
        account=np.array([SIGN[pair.account] for pair in found]),
    )


def _or_never(days: Iterable[int | None]) -> Ints:
    return np.array([NEVER if some is None else some for some in days])
