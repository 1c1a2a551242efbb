"""What makes a bank line that line: so that no import doubles one, nor drops a true twin.

The bank's own identifier is left out on purpose: FITIDs change between two downloads of the same days, and are
reused. Two lines of one day, amount and label are told apart by their rank in the file, and a file that
covers that day again gives them the same ranks. These texts are stored: changing the folding doubles every line.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from banking.statements.statement import Statement, StatementLine


def fingerprint(account_key: str, line: StatementLine, rank: int) -> str:
    """SHA-256, in hexadecimal, of (account, day, minor units, folded label, rank from 1 among identical lines)."""
    parts = (account_key, line.booked_on.isoformat(), str(line.amount_cents), _folded(line.label), str(rank))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def fingerprinted(
    statements: Sequence[Statement], key_of: Callable[[Statement], str] = lambda statement: statement.account.key
) -> Iterator[tuple[Statement, StatementLine, str]]:
    """Every line of a file with its fingerprint, ranks counted over the whole file and by account.

    A statement that the file holds twice (two downloads pasted together) counts once. `key_of` names the account
    where the caller knows better than the file.
    """
    seen: set[tuple[object, ...]] = set()
    ranks: Counter[tuple[object, ...]] = Counter()
    for statement in statements:
        key = key_of(statement)
        if _is_repeated(statement, key, seen):
            continue
        for line in statement.lines:
            alike = (key, line.booked_on, line.amount_cents, _folded(line.label))
            ranks[alike] += 1
            yield statement, line, fingerprint(key, line, ranks[alike])


def _is_repeated(statement: Statement, key: str, seen: set[tuple[object, ...]]) -> bool:
    lines = tuple(
        (line.booked_on, line.amount_cents, _folded(line.label), line.bank_reference) for line in statement.lines
    )
    whole = (key, statement.opening_on, statement.opening_cents, statement.closing_on, statement.closing_cents, lines)
    if whole in seen:
        return True
    seen.add(whole)
    return False


def _folded(label: str) -> str:
    """Without case, accents or runs of blanks."""
    decomposed = unicodedata.normalize("NFKD", label)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).casefold().split())
