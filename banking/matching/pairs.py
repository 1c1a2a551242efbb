"""One weighed pair: as a row of a board, and as an object where it is looked at by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from banking.matching.evidence import Evidence
from banking.matching.facts import Part
from banking.matching.features import Features
from banking.matching.scoring import FLOOR, MARGIN, PARTS, score_parts
from banking.matching.weights import UNTRAINED, Weights

POINTS = {part: f"{part} points" for part in PARTS}
ROW = np.dtype(
    [
        ("invoice", "i4"),
        ("line", "i4"),
        ("score", "i4"),
        *((name, "i4") for name in POINTS.values()),
        ("told_as", "i4"),
        ("name", "f8"),
        ("is_better_told", "?"),
        ("is_alias", "?"),
        ("is_told", "?"),
        ("is_another_named", "?"),
        ("is_proven", "?"),
        ("is_only_line", "?"),
    ]
)
Rows = npt.NDArray[np.void]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair among its rivals: the best one's score, whether one of them is told as well, and of how many documents, as
    many as lines, it was one that were taken by date; 0 where it was not.

    None where there is no rival; one whose score is `FLOOR` less `MARGIN` or lower, and that is not told, is none.
    """

    rival: int | None
    is_shadowed: bool
    in_order: int = 0


@dataclass(slots=True)
class Pair:
    """One pair that is proven, or to be suggested. `points` are its parts of the score, as they were weighed.

    `vetoes` are the codes of what forbids to settle it by machine; `standing` is known of those that it might settle.
    `row` is its place on the board, if it stands there.
    """

    evidence: Evidence
    points: Mapping[str, int]
    vetoes: tuple[str, ...]
    least: int = UNTRAINED.proven
    standing: Standing | None = None
    row: int = NOWHERE
    is_only_line: bool = False
    ends: tuple[str, str] = field(init=False)
    score: int = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self.evidence.invoice.id, self.evidence.line.id
        self.score = sum(self.points.values())

    @property
    def is_proven(self) -> bool:
        """Whether more than amount and date speaks for it, and enough in all."""
        return self.evidence.is_told and self.score >= self.least

    @property
    def parts(self) -> tuple[Part, ...]:
        invoice, line = self.evidence.invoice, self.evidence.line
        return (Part(invoice.id, line.id, abs(line.cents), abs(invoice.cents)),)

    @property
    def order(self) -> tuple[int, str, str]:
        return (-self.score, *self.ends)


def kept_rows(pairs: Features, weights: Weights) -> Rows:
    """The rows of those pairs that may be suggested, or come near one that may, or whose label tells them."""
    points = weights.weigh(score_parts(pairs))
    scores, is_told = np.sum(list(points.values()), axis=0), pairs.is_told
    kept = np.flatnonzero(is_told | (scores > FLOOR - MARGIN))
    rows = np.empty(len(kept), ROW)
    rows["invoice"], rows["line"] = pairs.at[0][kept], pairs.at[1][kept]
    for name in ("told_as", "name", "is_better_told", "is_alias", "is_another_named"):
        rows[name] = getattr(pairs, name)[kept]
    for part, column in POINTS.items():
        rows[column] = points[part][kept]
    rows["score"], rows["is_told"] = scores[kept], is_told[kept]
    rows["is_proven"] = rows["is_told"] & (rows["score"] >= weights.proven)
    return rows
