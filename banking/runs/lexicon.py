"""What only the whole company tells the engine: its suppliers' names, how rare words are, the numbers of its documents.

The words of labels are kept once a company (`LabelCore`): a word is as rare as it is among all that any run has seen,
so that those few that concern what is new are looked up, and weigh the same there as in a whole run.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from banking.matching.engine import ENGINE_VERSION
from banking.matching.facts import InvoiceFact, Lexicon, TransactionFact
from banking.matching.features import names_of
from banking.matching.labels import Label, read_label
from banking.matching.names import weighed_words
from banking.models import LabelCore
from banking.runs.facts import OPEN

AT_ONCE = 5_000
# What this statement adds it does not see yet in the table: nothing counts twice.
_SEEN = """
WITH told AS (
    SELECT core FROM unnest(%(cores)s::text[]) AS core
), added AS (
    INSERT INTO banking_labelcore (company_id, engine_version, core)
    SELECT %(company)s, %(version)s, core FROM told
    WHERE NOT EXISTS (
        SELECT FROM banking_labelcore AS known
        WHERE known.company_id = %(company)s AND known.engine_version = %(version)s AND md5(known.core) = md5(told.core)
    )
    RETURNING words
), known AS (
    SELECT words FROM added
    UNION ALL SELECT words FROM banking_labelcore
    WHERE company_id = %(company)s AND engine_version = %(version)s AND {of_words}
)
SELECT word, count(*) FROM known CROSS JOIN LATERAL (SELECT DISTINCT unnest(words) AS word) GROUP BY word
"""
_NUMBERS = """
UNION ALL SELECT reference, 0 FROM achats_purchaseinvoice
WHERE company_id = %(company)s AND document_tokens(reference) && %(references)s::text[] AND gross_amount > 0
    AND {awaited}
"""
_OF_ALL = _SEEN.format(of_words="TRUE")
_OF_SOME = _SEEN.format(of_words="words && %(words)s::text[]") + _NUMBERS.format(**OPEN)


def words_seen(company_id: UUID, transactions: Sequence[TransactionFact]) -> dict[str, int]:
    """In how many different labels of a company each word stands; those of all its open lines are kept. One query."""
    labels = (read_label(line.label, line.booked_on) for line in transactions)
    return dict(_asked(_OF_ALL, company_id, labels))


def lexicon_of_some(
    company_id: UUID,
    invoices: Sequence[InvoiceFact],
    transactions: Sequence[TransactionFact],
    suppliers: frozenset[str],
) -> Lexicon:
    """What `words_seen` and all that is open say of the words and numbers that some of it asks for. One query.

    `suppliers` are the names of all that is open.
    """
    labels = [read_label(line.label, line.booked_on) for line in transactions]
    names = {name for invoice in invoices for name in names_of(invoice)}
    words = weighed_words(names, suppliers, {label.words for label in labels})
    references = {reference for label in labels for reference in label.references}
    found = _asked(_OF_SOME, company_id, labels, words=list(words), references=list(references))
    return Lexicon(
        suppliers,
        seen={word: times for word, times in found if times and word in words},
        numbers=frozenset(number for number, times in found if not times),
    )


def forget_old_words() -> int:
    """Delete what other versions of the engine read of labels, which nothing asks for any more; → how many rows.

    In small transactions, so that no run waits for it.
    """
    old = LabelCore.objects.exclude(engine_version=ENGINE_VERSION).order_by()
    gone = 0
    while number := LabelCore.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE])).delete()[0]:
        gone += number
    return gone


def _asked(query: str, company_id: UUID, labels: Iterable[Label], **given: list[str]) -> list[tuple[str, int]]:
    cores = sorted({label.core for label in labels} - {""})
    with connection.cursor() as cursor:
        cursor.execute(query, {"company": company_id, "version": ENGINE_VERSION, "cores": cores, **given})
        return cursor.fetchall()
