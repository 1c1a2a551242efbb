"""What the bank says of one purchase: the matches in force, and what is proposed, each with its reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from achats.models import PurchaseInvoice
from banking.matching.facts import Reason
from banking.matching.reasons import sentence
from banking.models import BankTransaction, Match, MatchState

PROPOSED = 3
SHOWN = (MatchState.AUTO, MatchState.CONFIRMED, MatchState.SUGGESTED)


@dataclass(frozen=True)
class Pairing:
    """A match as a page shows it. `reasons` speak for it, `obstacles` say why the machine left it to a person."""

    match: Match
    reasons: list[str]
    obstacles: list[str]

    @property
    def transaction(self) -> BankTransaction:
        return self.match.transaction

    @property
    def is_auto(self) -> bool:
        return self.match.state == MatchState.AUTO


@dataclass(frozen=True)
class Settlement:
    """The matches in force and the best suggestions of one purchase; `unseen` is how many more there are."""

    invoice: PurchaseInvoice
    made: list[Pairing]
    proposed: list[Pairing]
    unseen: int

    @property
    def settled(self) -> Decimal:
        return Decimal(self.invoice.settled_cents).scaleb(-2)


def settlement_of(invoice: PurchaseInvoice) -> Settlement:
    """One query."""
    matches = Match.objects.filter(invoice=invoice, state__in=SHOWN)
    rows = list(matches.select_related("transaction__account", "decided_by").order_by("-score", "rank", "pk"))
    made = [pairing(row) for row in rows if row.state != MatchState.SUGGESTED]
    proposed = [pairing(row) for row in rows if row.state == MatchState.SUGGESTED]
    return Settlement(invoice, made, proposed[:PROPOSED], max(len(proposed) - PROPOSED, 0))


def pairing(match: Match) -> Pairing:
    reasons = [Reason(reason["code"], reason.get("values", {})) for reason in match.reasons]
    against = [reason for reason in reasons if reason.code.startswith("not_auto")]
    return Pairing(match, _in_words(reason for reason in reasons if reason not in against), _in_words(against))


def _in_words(reasons: Iterable[Reason]) -> list[str]:
    """Sentences with a capital; a code of an engine that is no more is passed over."""
    found = []
    for reason in reasons:
        try:
            words = sentence(reason)
        except KeyError:
            continue
        found.append(words[:1].upper() + words[1:])
    return found
