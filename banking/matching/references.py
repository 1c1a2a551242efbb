"""Which documents a label names by their number."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from banking.matching.facts import InvoiceFact
from banking.matching.labels import TOKEN, Label, fold


def shared_reference(number: str, references: frozenset[str]) -> str:
    """The part of the document's number that the label bears: the whole, else its longest run of digits (≥ 5)."""
    tokens = number_tokens(number)
    if not tokens:
        return ""
    squashed = tokens[0]
    if any(squashed == reference or (len(squashed) >= 6 and squashed in reference) for reference in references):
        return number
    return tokens[-1] if len(tokens) > 1 and tokens[-1] in references else ""


@lru_cache(maxsize=262_144)
def number_tokens(number: str) -> tuple[str, ...]:
    """A document's number as labels bear it: without signs (≥ 4 characters), then its longest run of digits (≥ 5)."""
    squashed = "".join(TOKEN.findall(fold(number)))
    if len(squashed) < 4 or not any(c.isdigit() for c in squashed):
        return ()
    serial = max("".join(c if c.isdigit() else " " for c in fold(number)).split(), key=len)
    return (squashed, serial) if len(serial) >= 5 and serial != squashed else (squashed,)


class References:
    """Documents by what labels bear of their numbers, and the `numbers` of all that the company has open."""

    def __init__(self, invoices: Iterable[InvoiceFact], numbers: Iterable[str]) -> None:
        self._tokens = {token for number in numbers for token in number_tokens(number)}
        self._of_token: defaultdict[str, list[InvoiceFact]] = defaultdict(list)
        for invoice in invoices:
            for token in number_tokens(invoice.number):
                self._of_token[token].append(invoice)
        self._known: dict[frozenset[str], list[InvoiceFact]] = {}

    def named_in(self, label: Label) -> list[InvoiceFact]:
        """The documents whose number stands in the label, in order of date."""
        if label.references not in self._known:
            found = {i.id: i for token in label.references for i in self._of_token.get(token, ())}
            told = [i for i in found.values() if shared_reference(i.number, label.references)]
            self._known[label.references] = sorted(told, key=lambda i: (i.issued_on, i.id))
        return self._known[label.references]

    def are_named_in(self, label: Label) -> bool:
        """Whether the number of any document of the company stands in the label."""
        return not self._tokens.isdisjoint(label.references)
