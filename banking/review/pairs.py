"""A bank line beside what explains it, or may: matches in force and the best suggestions, groups told as one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from achats.models import Document, InvoiceDocument, Kind, PurchaseInvoice
from banking.codings import left_of
from banking.matches.exchange_posting import gaps_in_words
from banking.matches.refusals import NO, Refusal, number_taken_back, refusals_of
from banking.matches.settlements import PROPOSED, SHOWN, WITH_GAPS, pairing
from banking.models import BankTransaction, LineCoding, Match, MatchState
from banking.review.marks import Piece, marked, told_by
from banking.review.tabs import UNREAD
from firms.typography import NBSP, format_count

NAMED = 2
LISTED = 6
SHOWN_OR_NO = (*SHOWN, *NO)
Joined = dict[UUID, Document]


@dataclass(frozen=True)
class Candidate:
    """One match as a line sees it: the purchases that it pays, the other lines that it takes, why, and why not.

    `taken` is what it takes of the line; `document` proves the first purchase; `gap` says what its difference was, or
    will be.
    """

    match: Match
    reasons: list[str]
    obstacles: list[str]
    invoices: list[PurchaseInvoice]
    others: list[BankTransaction]
    taken: Decimal
    document: Document | None = None
    gap: str = ""

    @property
    def is_auto(self) -> bool:
        return self.match.state == MatchState.AUTO

    @property
    def is_observed(self) -> bool:
        """Whether the machine would have made it, and still waits for a person."""
        return self.match.is_observed and self.match.state == MatchState.SUGGESTED

    @property
    def is_long(self) -> bool:
        return len(self.invoices) > LISTED

    @property
    def is_whole(self) -> bool:
        """Whether one purchase is paid by it alone and whole."""
        return len(self.invoices) == 1 and not self.others and self.taken == self.invoices[0].gross_amount

    @property
    def of_whom(self) -> str:
        """« Orange », « Orange, Free et 2 autres »."""
        names = list(dict.fromkeys(invoice.supplier_name for invoice in self.invoices))
        rest = len(names) - NAMED
        told = ", ".join(names[:NAMED]) if rest > 0 else " et ".join(names)
        return f"{told} et {rest} autre{'s' if rest > 1 else ''}" if rest > 0 else told

    @property
    def how_many(self) -> str:
        """« 3 factures, moins 1 avoir »; empty for one purchase."""
        if len(self.invoices) == 1:
            return ""
        credits = sum(invoice.kind == Kind.CREDIT_NOTE for invoice in self.invoices)
        bills = len(self.invoices) - credits
        if not bills:
            return _counted(credits, "avoir")
        return _counted(bills, "facture") + (f", moins {_counted(credits, 'avoir')}" if credits else "")


@dataclass(frozen=True)
class Pair:
    """A line with its matches in force (`made`) and what is `proposed`; `unseen` is how many more suggestions stand.

    `waits` says whether a person has something to decide of it in the tab where it stands; `refusals` are the noes that
    people said of it.
    """

    line: BankTransaction
    made: list[Candidate]
    proposed: list[Candidate]
    unseen: int
    waits: bool
    label: list[Piece] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def left(self) -> Decimal:
        return left_of(self.line)

    @property
    def coding(self) -> LineCoding | None:
        """The account on which the line is, or what matches leave of it."""
        return getattr(self.line, "coding", None)

    @property
    def coded_in_words(self) -> str:
        """« Imputé 62780000 »."""
        return f"Imputé {self.coding.account.code}" if self.coding else ""

    @property
    def taken_back(self) -> int:
        """How many of its `refusals` hold no more."""
        return number_taken_back(self.refusals)

    @property
    def is_open(self) -> bool:
        """Whether some of the line is still to be explained."""
        return bool(self.left) and not self.line.is_ignored

    @property
    def proposed_in_words(self) -> str:
        return _counted(len(self.proposed) + self.unseen, "suggestion")

    @property
    def best(self) -> Candidate | None:
        return next(iter([*self.made, *self.proposed]), None)


def pairs_of(lines: Sequence[BankTransaction], *, tab: str) -> list[Pair]:
    """Two queries, a third where several purchases or lines go together."""
    told = _told(SHOWN_OR_NO).filter(transaction__in=[line.pk for line in lines]).order_by("rank", "pk")
    rows = [row for row in told if row.state in SHOWN]
    noes = [row for row in told if row.state not in SHOWN]
    groups = {row.group for row in rows if row.group}
    together: dict[UUID, list[Match]] = {}
    for row in _told(SHOWN).filter(group__in=groups).order_by("invoice__issued_on", "pk") if groups else ():
        if row.group:
            together.setdefault(row.group, []).append(row)
    documents = _documents([*rows, *(row for members in together.values() for row in members)])
    return [
        replace(
            _pair(line, [row for row in rows if row.transaction_id == line.pk], together, documents, tab),
            refusals=refusals_of(row for row in noes if row.transaction_id == line.pk),
        )
        for line in lines
    ]


def _told(states: Collection[str]) -> QuerySet[Match]:
    related = ("invoice", "transaction__account", "decided_by", "reopened_by", "run")
    return Match.objects.filter(state__in=states).select_related(*related, *WITH_GAPS)


def _documents(rows: Sequence[Match]) -> Joined:
    """The first document of each purchase that has pages to show."""
    joined = InvoiceDocument.objects.filter(invoice__in={row.invoice_id for row in rows}, document__page_count__gt=0)
    found: Joined = {}
    for attachment in joined.select_related("document").order_by("position", "pk"):
        found.setdefault(attachment.invoice_id, attachment.document)
    return found


def _pair(line, rows: list[Match], together: dict[UUID, list[Match]], documents: Joined, tab: str) -> Pair:
    seen: dict[UUID, Match] = {}
    for row in rows:
        seen.setdefault(row.group or row.pk, row)
    found = [_candidate(line, row, together.get(row.group, [row]) if row.group else [row], documents)
             for row in seen.values()]  # fmt: skip
    made = [candidate for candidate in found if candidate.match.state != MatchState.SUGGESTED]
    proposed = [candidate for candidate in found if candidate.match.state == MatchState.SUGGESTED]
    told = told_by(reason for candidate in (made or proposed[:1]) for reason in candidate.match.reasons)
    is_unread = any(candidate.is_auto for candidate in made)
    waits = is_unread if tab == UNREAD else bool(left_of(line)) and not line.is_ignored
    unseen = max(len(proposed) - PROPOSED, 0)
    return Pair(line, made, proposed[:PROPOSED], unseen, waits, marked(line.label, told))


def _candidate(line: BankTransaction, row: Match, members: list[Match], documents: Joined) -> Candidate:
    members = [member for member in members if member.state == row.state]
    said = pairing([row], [])
    invoices = list({member.invoice_id: member.invoice for member in members}.values())
    others = {m.transaction_id: m.transaction for m in members if m.transaction_id != line.pk}
    cents = sum(member.amount_cents for member in members if member.transaction_id == line.pk)
    ordered = sorted(others.values(), key=_place)
    document = documents.get(invoices[0].pk)
    taken, gap = Decimal(cents).scaleb(-2), gaps_in_words(members)
    return Candidate(row, said.reasons, said.obstacles, invoices, ordered, taken, document, gap)


def _place(line: BankTransaction) -> tuple[date, UUID]:
    return line.booked_on, line.pk


def _counted(number: int, noun: str) -> str:
    return f"{format_count(number)}{NBSP}{noun}{'s' if number > 1 else ''}"
