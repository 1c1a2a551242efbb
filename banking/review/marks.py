"""What of a bank label spoke for a match, to be marked in it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Piece = tuple[str, bool]
# The values of reasons that stand in the label.
IN_LABEL = ("reference", "name", "last_four")
SHORTEST = 3


def told_by(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The words that these stored reasons say to have seen in the label, the longest first."""
    values = [str(reason.get("values", {}).get(name, "")) for reason in reasons for name in IN_LABEL]
    words = {word for value in values for word in value.split() if len(word) >= SHORTEST}
    return sorted(words, key=lambda word: (-len(word), word))


def marked(label: str, words: Sequence[str]) -> list[Piece]:
    """`label` cut into pieces, and whether each is one of `words`, whatever its case, accents and signs."""
    folded = "".join(_fold(char) for char in label)
    spans = sorted(found.span() for word in words for found in _pattern(word).finditer(folded))
    pieces, place = [], 0
    for start, end in spans:
        if start >= place:
            pieces += [(label[place:start], False), (label[start:end], True)]
            place = end
    return [piece for piece in [*pieces, (label[place:], False)] if piece[0]]


def _fold(char: str) -> str:
    """One character for one, so that places in the folded text are those of the label."""
    bare = unicodedata.normalize("NFKD", char)[0].upper()
    return bare if len(bare) == 1 else char


def _pattern(word: str) -> re.Pattern[str]:
    letters = [re.escape(char) for char in (_fold(char) for char in word) if char.isalnum()]
    return re.compile(r"(?<![A-Z0-9])" + r"[^A-Z0-9]?".join(letters) if letters else r"(?!)")
