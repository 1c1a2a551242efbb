"""Entries are written, taken back while they are drafts, and reversed afterwards. Amounts in integer cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from firms.models import User
from ledger.books import Books
from ledger.models import Account, EntryLine, EntryState, Journal, JournalEntry, ThirdPartyAccount


class EntryFinal(Exception):
    """The entry can no longer be taken back, or was reversed already. `str()` is one French sentence."""

    def __init__(self, entry: JournalEntry, because: str) -> None:
        super().__init__(f"L’écriture {entry} {because}.")
        self.entry = entry


@dataclass(frozen=True)
class Movement:
    """What an entry does to one account: `cents` > 0 is a debit, < 0 a credit; zero writes no line."""

    account: Account
    cents: int
    third_party: ThirdPartyAccount | None = None


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """An entry to be: the document's own day, number and words, and its movements, which sum to zero.

    `dated_on` is its day in the books where it is not the document's: a payment's.
    """

    document_on: date
    label: str
    dated_on: date | None = None
    reference: str = ""
    movements: Sequence[Movement] = ()


@transaction.atomic
def post_entry(
    *, books: Books, journal_code: str, draft: EntryDraft, by: User | None, at: datetime, reverses=None
) -> JournalEntry:
    """Write `draft` as a draft entry of the journal, on its day, else its document's, or the first open one after it.

    The journal's row stays locked until the transaction ends. Raises NoFiscalYear; PostgreSQL refuses (IntegrityError,
    at the commit) what does not balance.
    """
    posted_on = books.open_day(draft.dated_on or draft.document_on)
    year = books.year_of(posted_on)
    journal = Journal.objects.select_for_update().get(company=books.company, code=journal_code)
    journal.last_draft += 1
    journal.save(update_fields=["last_draft"])
    entry = JournalEntry(company=books.company, journal=journal, fiscal_year=year, draft_number=journal.last_draft)
    entry.posted_on, entry.document_on = posted_on, draft.document_on
    entry.label, entry.reference = draft.label[:200], draft.reference
    entry.created_at, entry.created_by, entry.reverses = at, by, reverses
    entry.save(force_insert=True)
    EntryLine.objects.bulk_create(_lines(entry, draft.movements))
    return entry


@transaction.atomic
def take_back_entry(*, entry: JournalEntry, books: Books) -> str:
    """Delete a draft; → its name. Raises EntryFinal where it is validated, its day is closed, or it was reversed."""
    row = _lock(entry)
    if row.state == EntryState.VALIDATED:
        raise EntryFinal(row, "est validée : elle ne peut plus qu’être contre-passée")
    if books.is_closed(row.posted_on):
        raise EntryFinal(row, "est d’une période close : elle ne peut plus qu’être contre-passée")
    _refuse_reversed(row)
    name = row.name
    row.lines.all().delete()
    row.delete()
    return name


@transaction.atomic
def reverse_entry(*, entry: JournalEntry, books: Books, by: User | None, at: datetime) -> JournalEntry:
    """Write the contrary of `entry` (contre-passation), on its own day or the first open one. Raises EntryFinal where
    it was reversed already, NoFiscalYear."""
    row = _lock(entry)
    _refuse_reversed(row)
    lines = row.lines.select_related("account", "third_party").order_by("position")
    contrary = [Movement(line.account, _cents(line.credit - line.debit), line.third_party) for line in lines]
    draft = EntryDraft(
        document_on=row.posted_on,
        label=f"Contre-passation {row} · {row.label}",
        reference=row.reference,
        movements=contrary,
    )
    return post_entry(books=books, journal_code=row.journal.code, draft=draft, by=by, at=at, reverses=row)


def _lock(entry: JournalEntry) -> JournalEntry:
    rows = JournalEntry.objects.select_for_update(of=("self",)).select_related("journal", "fiscal_year", "company")
    return rows.get(pk=entry.pk)


def _refuse_reversed(row: JournalEntry) -> None:
    if JournalEntry.objects.filter(reverses=row).exists():
        raise EntryFinal(row, "est déjà contre-passée")


def _lines(entry: JournalEntry, movements: Sequence[Movement]) -> list[EntryLine]:
    moving = [movement for movement in movements if movement.cents]
    return [
        EntryLine(
            company=entry.company,
            entry=entry,
            position=position,
            account=movement.account,
            third_party=movement.third_party,
            label=entry.label,
            debit=_amount(max(movement.cents, 0)),
            credit=_amount(max(-movement.cents, 0)),
        )
        for position, movement in enumerate(moving, start=1)
    ]


def _amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
