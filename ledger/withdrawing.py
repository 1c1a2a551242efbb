"""An entry that is no more wanted: taken back while it may be, else met by its contrary."""

from datetime import datetime

from django.db import transaction

from firms.models import User
from ledger.books import Books
from ledger.models import JournalEntry
from ledger.posting import EntryFinal, reverse_entry, take_back_entry


@transaction.atomic
def withdraw_entry(*, entry: JournalEntry, books: Books, by: User | None, at: datetime) -> JournalEntry | None:
    """Delete `entry` where it is a draft of an open day, else write its contrary; → the contrary, or None.

    Raises EntryFinal where it was reversed already, NoFiscalYear.
    """
    try:
        with transaction.atomic():
            take_back_entry(entry=entry, books=books)
    except EntryFinal:
        return reverse_entry(entry=entry, books=books, by=by, at=at)
    return None
