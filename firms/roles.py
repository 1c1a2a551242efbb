"""What each role may do: « lecteur » reads, « comptable » keeps the books, « administrateur » decides of people too."""

from enum import StrEnum

from firms.models import Role


class Right(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.ACCOUNTANT: frozenset({Right.READ, Right.WRITE}),
    Role.ADMINISTRATOR: frozenset(Right),
}


def grants(role: str | None, right: Right) -> bool:
    """Whether `role` (None where there is none) holds `right`."""
    return right in RIGHTS.get(role or "", frozenset())
