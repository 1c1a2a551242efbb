"""What the bank says of one purchase: the matches in force, and what is proposed, each with its reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from achats.models import PurchaseInvoice
from banking.matches.exchange_posting import gaps_in_words
from banking.matches.refusals import NO, Refusal, number_taken_back, refusals_of
from banking.matching.facts import Reason
from banking.matching.reasons import sentence
from banking.models import BankTransaction, Match, MatchState

PROPOSED = 3
# What `gaps_in_words` reads of a match.
WITH_GAPS = ("company__bookkeeping", "gap_entry__journal", "gap_entry__fiscal_year")
SHOWN = (MatchState.AUTO, MatchState.CONFIRMED, MatchState.SUGGESTED)


@dataclass(frozen=True)
class Pairing:
    """A match as a page shows it. `reasons` speak for it, `obstacles` say why the machine left it to a person.

    `lines` are those that it takes of the bank, `others` the purchases that they pay besides; `gap` says what its
    difference was, or will be.
    """

    match: Match
    reasons: list[str]
    obstacles: list[str]
    lines: list[BankTransaction]
    others: list[PurchaseInvoice]
    gap: str = ""

    @property
    def is_auto(self) -> bool:
        return self.match.state == MatchState.AUTO


@dataclass(frozen=True)
class Settlement:
    """The matches in force and the best suggestions of one purchase; `unseen` is how many more there are.

    `refusals` are the noes that people said of it.
    """

    invoice: PurchaseInvoice
    made: list[Pairing]
    proposed: list[Pairing]
    unseen: int
    refusals: list[Refusal]

    @property
    def taken_back(self) -> int:
        """How many of its `refusals` hold no more."""
        return number_taken_back(self.refusals)

    @property
    def settled(self) -> Decimal:
        return Decimal(self.invoice.settled_cents).scaleb(-2)


def settlement_of(invoice: PurchaseInvoice) -> Settlement:
    """One query; a second where the bank paid several purchases at once."""
    matches = Match.objects.filter(invoice=invoice, state__in=(*SHOWN, *NO))
    told = list(matches.select_related("transaction__account", "decided_by", "reopened_by", "invoice", *WITH_GAPS)
                .order_by("-score", "rank", "pk"))  # fmt: skip
    rows = [row for row in told if row.state in SHOWN]
    together: dict[object, list[Match]] = {}
    for row in rows:
        together.setdefault(row.group or row.pk, []).append(row)
    others = _others(invoice, [group for group in (row.group for row in rows) if group])
    pairings = [pairing(members, others.get(key, [])) for key, members in together.items()]
    made = [pair for pair in pairings if pair.match.state != MatchState.SUGGESTED]
    proposed = [pair for pair in pairings if pair.match.state == MatchState.SUGGESTED]
    return Settlement(invoice, made, proposed[:PROPOSED], max(len(proposed) - PROPOSED, 0), refusals_of(told))


def _others(invoice: PurchaseInvoice, groups: list[UUID]) -> dict[object, list[PurchaseInvoice]]:
    """The purchases of each group besides `invoice`, each once."""
    found: dict[object, dict[UUID, PurchaseInvoice]] = {}
    if groups:
        rows = Match.objects.filter(company=invoice.company_id, group__in=groups, state__in=SHOWN)
        for row in rows.exclude(invoice=invoice).select_related("invoice").order_by("invoice__issued_on", "pk"):
            found.setdefault(row.group, {})[row.invoice_id] = row.invoice
    return {group: list(invoices.values()) for group, invoices in found.items()}


def pairing(members: list[Match], others: list[PurchaseInvoice]) -> Pairing:
    """`members` are the rows of one match that bear one purchase."""
    reasons = [Reason(reason["code"], reason.get("values", {})) for reason in members[0].reasons]
    against = [reason for reason in reasons if reason.code.startswith("not_auto")]
    lines = sorted((row.transaction for row in members), key=lambda line: (line.booked_on, line.pk))
    spoken_for = _in_words(reason for reason in reasons if reason not in against)
    return Pairing(members[0], spoken_for, _in_words(against), lines, others, gaps_in_words(members))


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
