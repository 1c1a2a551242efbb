"""What a statement prints against what its lines make: opening + Σ lines = closing, to the minor unit."""

from collections import Counter
from collections.abc import Sequence

from banking.statements.money import figures, in_words
from banking.statements.statement import Statement, UnreadableStatement


def check_balance(statement: Statement, line: int | None, *, is_alone: bool) -> None:
    """Raises UnreadableStatement with the sum done; a statement that lacks a balance says nothing to check."""
    opening, closing = statement.opening_cents, statement.closing_cents
    if opening is None or closing is None or opening + statement.total_cents == closing:
        return
    place = f", ligne {line}" if line else ""
    which = "" if is_alone else f" (compte …{statement.account.last_four}{place})"
    raise UnreadableStatement(
        _sum_done(opening, statement.total_cents, closing, statement.currency, which, start="Refusé"), line
    )


def _sum_done(opening: int, moved: int, closing: int, currency: str, which: str = "", *, start: str) -> str:
    reached = opening + moved
    return (
        f"{start} : {figures(opening, currency)} {'−' if moved < 0 else '+'} {figures(abs(moved), currency)} = "
        f"{figures(reached, currency)}, mais le fichier annonce {figures(closing, currency)}{which}. "
        f"Écart : {in_words(abs(reached - closing), currency)}. Rien n’a été enregistré."
    )


def running_balances(rows: Sequence[tuple[int, int, int]], currency: str) -> tuple[int | None, int | None]:
    """Opening and closing of lines that each print the balance after them: (minor units, balance, line of the file).

    Oldest or newest first, or a day's lines in any order. Raises UnreadableStatement at the first line that does not
    follow: an operation is missing there, or an amount was altered.
    """
    oldest_first, newest_first = _breaks(rows), _breaks(rows[::-1])
    if not oldest_first:
        return rows[0][1] - rows[0][0], rows[-1][1]
    if not newest_first:
        return rows[-1][1] - rows[-1][0], rows[0][1]
    before, after = Counter(balance - cents for cents, balance, _ in rows), Counter(balance for _, balance, _ in rows)
    first, last = list((before - after).elements()), list((after - before).elements())
    if len(first) == len(last) == 1:
        return first[0], last[0]
    ordered, place = (
        (rows, oldest_first[0]) if len(oldest_first) <= len(newest_first) else (rows[::-1], newest_first[0])
    )
    cents, balance, line = ordered[place]
    raise UnreadableStatement(_sum_done(ordered[place - 1][1], cents, balance, currency, start=f"Ligne {line}"), line)


def _breaks(rows: Sequence[tuple[int, int, int]]) -> list[int]:
    """The places of the rows whose balance is not the one before them with their own amount."""
    return [place for place in range(1, len(rows)) if rows[place - 1][1] + rows[place][0] != rows[place][1]]
