"""What a statement prints against what its lines make: opening + Σ lines = closing, to the minor unit."""

from collections.abc import Iterable, Iterator

from banking.statements.money import figures, in_words
from banking.statements.statement import Event, Statement, StatementLine, UnreadableStatement

# A statement without its lines, and the line of the file that its sum is refused at.
Closed = tuple[Statement, int | None]


def checked(events: Iterable[StatementLine | Closed]) -> Iterator[Event]:
    """The stream of a file, each statement checked against the lines before it. Raises UnreadableStatement.

    With the sum done; a statement that lacks a balance says nothing to check.
    """
    events = iter(events)
    moved, count = 0, 0
    for event in events:
        if isinstance(event, StatementLine):
            moved += event.amount_cents
            yield event
            continue
        statement, line = event
        count += 1
        opening, closing = statement.opening_cents, statement.closing_cents
        if opening is not None and closing is not None and opening + moved != closing:
            is_alone = count == 1 and not any(isinstance(other, tuple) for other in events)
            raise _refusal(statement, opening, moved, closing, line, is_alone=is_alone)
        yield statement
        moved = 0


def _refusal(
    statement: Statement, opening: int, moved: int, closing: int, line: int | None, *, is_alone: bool
) -> UnreadableStatement:
    place = f", ligne {line}" if line else ""
    which = "" if is_alone else f" (compte …{statement.account.last_four}{place})"
    return UnreadableStatement(sum_done(opening, moved, closing, statement.currency, which, start="Refusé"), line)


def sum_done(opening: int, moved: int, closing: int, currency: str, which: str = "", *, start: str) -> str:
    """« Refusé : 10,00 + 5,00 = 15,00, mais le fichier annonce 16,00. Écart : 1,00 €. »"""
    reached = opening + moved
    return (
        f"{start} : {figures(opening, currency)} {'−' if moved < 0 else '+'} {figures(abs(moved), currency)} = "
        f"{figures(reached, currency)}, mais le fichier annonce {figures(closing, currency)}{which}. "
        f"Écart : {in_words(abs(reached - closing), currency)}. Rien n’a été enregistré."
    )
