"""Numbers that a label bears beside a document's own: those of the same make, or said to be an invoice's, tell another.

« FACT FA001799 » does not pay FA001828, even where no document FA001799 was ever published.
"""

from collections.abc import Collection
from functools import lru_cache
from itertools import takewhile

from banking.matching.labels import Label
from banking.matching.references import number_tokens, shared_reference

ALIKE_DIGITS = 3


def tells_another(number: str, references: frozenset[str], documents: frozenset[str]) -> bool:
    """Whether the label names another document than this one, and not this one; both as in `Label`."""
    if not number_tokens(number) or shared_reference(number, references):
        return False
    said = [document for document in documents if _digits(document)]
    if said and not any(_may_be(number, document) for document in said):
        return True
    return any(is_of_one_make(number, reference) for reference in references)


def names_others(numbers: Collection[str], label: Label) -> bool:
    """Whether the label bears, beside some of these documents' numbers, another of the same make."""
    rest = [told for told in label.references if not any(_may_be(number, told) for number in numbers)]
    return any(is_of_one_make(number, told) for number in numbers for told in rest)


@lru_cache(maxsize=262_144)
def is_of_one_make(number: str, reference: str) -> bool:
    """FA001799 and FA001828: as long, the same letters in the same places; of digits alone, half of them the same."""
    tokens = number_tokens(number)
    if not tokens or len(tokens[0]) != len(reference) or tokens[0] == reference:
        return False
    mine = tokens[0]
    if any(a != b for a, b in zip(mine, reference, strict=True) if not (a.isdigit() and b.isdigit())):
        return False
    if not mine.isdigit():
        return len(_digits(mine)) >= ALIKE_DIGITS
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, reference, strict=True)))
    return head >= max(ALIKE_DIGITS, len(mine) // 2)


def _may_be(number: str, told: str) -> bool:
    """A label often gives the end of a number, or the number and more."""
    mine, theirs = _digits(number), _digits(told)
    return bool(mine) and (mine.lstrip("0").endswith(theirs.lstrip("0")) or mine in theirs or theirs in mine)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
