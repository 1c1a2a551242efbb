"""The weighed pairs of one company, best first, and what is taken of them.

A row a pair, kept where it may be decided or rival one that is; an object only for those that are looked at one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from banking.matching.columns import Flags, Ints
from banking.matching.facts import Part
from banking.matching.features import Evidence, Features
from banking.matching.scoring import FLOOR, MARGIN, are_proven

ROW = np.dtype(
    [
        ("invoice", "i4"),
        ("line", "i4"),
        ("score", "i4"),
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
NOBODY = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair that is proven, or to be suggested. `vetoes` are the codes of what forbids to settle it by machine."""

    row: int
    evidence: Evidence
    score: int
    vetoes: tuple[str, ...]
    is_only_line: bool

    @property
    def ends(self) -> tuple[str, str]:
        return self.evidence.invoice.id, self.evidence.line.id

    @property
    def parts(self) -> tuple[Part, ...]:
        invoice, line = self.evidence.invoice, self.evidence.line
        return (Part(invoice.id, line.id, abs(line.cents), abs(invoice.cents)),)

    @property
    def order(self) -> tuple[int, str, str]:
        return (-self.score, *self.ends)


def kept_rows(pairs: Features, scores: Ints) -> Rows:
    """The rows of those pairs that may be suggested, or come near one that may, or whose label tells them."""
    is_told = pairs.is_told
    kept = np.flatnonzero(is_told | (scores > FLOOR - MARGIN))
    rows = np.empty(len(kept), ROW)
    rows["invoice"], rows["line"] = pairs.at[0][kept], pairs.at[1][kept]
    for name in ("name", "is_better_told", "is_alias", "is_another_named"):
        rows[name] = getattr(pairs, name)[kept]
    rows["score"], rows["is_told"], rows["is_proven"] = scores[kept], is_told[kept], are_proven(pairs, scores)[kept]
    return rows


class Board:
    """The pairs by each of their ends, and the ends that are taken."""

    def __init__(self, rows: Rows, ends: tuple[Sequence[str], Sequence[str]], pair: Callable[[int], Pair]) -> None:
        """`rows` in order of score, then of the ids of `ends`; `pair` makes the object of one of them."""
        self.rows = rows
        self._place = tuple({end: place for place, end in enumerate(side)} for side in ends)
        self._sides = tuple(_Side(rows[name], len(side)) for name, side in zip(("invoice", "line"), ends, strict=True))
        self._pair = pair
        self.taken: set[str] = set()
        self.proven = [pair(row) for row in np.flatnonzero(rows["is_proven"]).tolist()]
        self._proven_of_row = {pair.row: pair for pair in self.proven}

    def is_free(self, pair: Pair) -> bool:
        return self.taken.isdisjoint(pair.ends)

    def take(self, invoice_id: str, line_id: str) -> None:
        for end, places, side in zip((invoice_id, line_id), self._place, self._sides, strict=True):
            self.taken.add(end)
            side.is_free[places[end]] = False

    def free(self) -> Flags:
        """Which rows have both ends free."""
        invoices, lines = self._sides
        return invoices.is_free[self.rows["invoice"]] & lines.is_free[self.rows["line"]]

    def near_rivals(self, pair: Pair) -> Ints:
        """The rows that want one of the same two ends and come near: free ones, and proven ones even if taken.

        A proven one that is taken is another month of the same supplier and amount. Were it forgotten, a document
        whose line is missing would take the line of the next month, whose document is missing.
        """
        own = self.rows[pair.row]
        both = np.concatenate(
            [side.rows_of(own[end]) for side, end in zip(self._sides, ("invoice", "line"), strict=True)]
        )
        near = both[(self.rows["score"][both] > pair.score - MARGIN) & (both != pair.row)]
        invoices, lines = self._sides
        is_free = invoices.is_free[self.rows["invoice"][near]] & lines.is_free[self.rows["line"][near]]
        return near[is_free | self.rows["is_proven"][near]]

    def count_near_rivals(self, pair: Pair) -> tuple[int, int]:
        """How many other invoices, and how many other lines, come near."""
        is_of_line = self.rows["line"][self.near_rivals(pair)] == self.rows["line"][pair.row]
        return int(is_of_line.sum()), int((~is_of_line).sum())

    def proven_of_line(self, pair: Pair) -> int:
        """How many invoices have a proven pair with the line of this one."""
        return int(self.rows["is_proven"][self._sides[1].rows_of(self.rows["line"][pair.row])].sum())

    def near_proven(self, pair: Pair) -> Iterator[Pair]:
        return (self._proven_of_row[row] for row in self.near_rivals(pair).tolist() if row in self._proven_of_row)

    def unrivalled(self) -> Iterator[tuple[Pair, bool]]:
        """The free proven pairs to which no rival comes near, and whether the label tells one of their rivals."""
        is_live = self.free() | self.rows["is_proven"]
        live = np.flatnonzero(is_live)
        strongest = np.maximum(*(side.strongest_other(self.rows["score"], live) for side in self._sides))
        is_told = np.flatnonzero(is_live & self.rows["is_told"])
        told = np.sum([side.count(is_told) for side in self._sides], axis=0)
        alone = strongest <= self.rows["score"] - MARGIN
        # A proven pair is told itself, and counted at both of its ends.
        yield from ((pair, bool(told[pair.row] > 2)) for pair in self.proven if alone[pair.row] and self.is_free(pair))

    def suggestible(self, most: Callable[[str], int]) -> Iterator[Pair]:
        """The free pairs worth a suggestion, of each line the first `most(line id)`."""
        rows = np.flatnonzero(self.free() & (self.rows["score"] >= FLOOR))
        lines = self._sides[1]
        limits = np.fromiter((most(end) for end in self._place[1]), np.int64, len(self._place[1]))
        first = lines.rank(rows) < limits[self.rows["line"][rows]]
        return (self._pair(row) for row in rows[first].tolist())


class _Side:
    """The rows by one of their two ends; of each end, in order."""

    def __init__(self, column: Ints, count: int) -> None:
        self.is_free = np.ones(count, np.bool_)
        self._column = column.astype(np.int64)
        self._rows = np.argsort(self._column, kind="stable")
        self._starts = np.searchsorted(self._column[self._rows], np.arange(count + 1))

    def rows_of(self, place: int) -> Ints:
        return self._rows[self._starts[place] : self._starts[place + 1]]

    def strongest_other(self, scores: Ints, rows: Ints) -> Ints:
        """For every row the best score among `rows` of its end, itself left out; `rows` come best first."""
        best = self._first(rows)
        second = self._first(rows[best[self._column[rows]] != rows])
        mine = best[self._column]
        other = np.where(mine == np.arange(len(self._column)), second[self._column], mine)
        return np.where(other < 0, NOBODY, scores[other])

    def count(self, rows: Ints) -> Ints:
        """For every row, how many of `rows` are of its end."""
        return np.bincount(self._column[rows], minlength=len(self.is_free))[self._column]

    def rank(self, rows: Ints) -> Ints:
        """The place of each of `rows` among those of its end."""
        order = np.argsort(self._column[rows], kind="stable")
        ends = self._column[rows][order]
        ranks = np.empty(len(rows), np.int64)
        ranks[order] = np.arange(len(rows)) - np.searchsorted(ends, ends)
        return ranks

    def _first(self, rows: Ints) -> Ints:
        """For every end, the first of `rows`; -1 where it has none."""
        first = np.full(len(self.is_free), -1)
        first[self._column[rows][::-1]] = rows[::-1]
        return first
