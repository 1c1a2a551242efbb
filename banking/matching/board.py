"""The weighed pairs of one company, best first, and what is taken of them.

A row a pair, kept where it may be decided or rival one that is; an object only for those that are looked at one by one.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from banking.matching.columns import Flags, Ints
from banking.matching.pairs import Pair, Rows, Standing
from banking.matching.scoring import FLOOR, MARGIN

NOBODY = np.iinfo(np.int32).min
# So many rivals of one end are never told apart by date (`decision.MOST_ALIKE` is its square).
ALIKE = 64


class Board:
    """The pairs by each of their ends, and the ends that are taken."""

    def __init__(self, rows: Rows, ends: tuple[Sequence[str], Sequence[str]], pair: Callable[[int], Pair]) -> None:
        """`rows` in order of score, then of the ids of `ends`; `pair` makes the object of one of them."""
        self.rows = rows
        self._place = tuple({end: place for place, end in enumerate(side)} for side in ends)
        self._sides = tuple(_Side(rows[name], len(side)) for name, side in zip(("invoice", "line"), ends, strict=True))
        self._pair = pair
        self.taken: set[str] = set()
        self.proven = [pair(row) for row in self._worth_a_look().tolist()]
        self._proven_of_row = {pair.row: pair for pair in self.proven}
        self._noted: tuple[Ints, Flags] | None = None

    def _worth_a_look(self) -> Ints:
        """The proven rows, but those that many better ones precede at both of their ends: no machine settles these."""
        proven = np.flatnonzero(self.rows["is_proven"])
        return proven[np.any([side.rank(proven) < ALIKE for side in self._sides], axis=0)]

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

    def rivals(self, pair: Pair) -> Ints:
        """The rows that want one of the same two ends: free ones, and proven ones even if taken.

        A proven one that is taken is another month of the same supplier and amount. Were it forgotten, a document
        whose line is missing would take the line of the next month, whose document is missing.
        """
        own = self.rows[pair.row]
        both = np.concatenate(
            [side.rows_of(own[end]) for side, end in zip(self._sides, ("invoice", "line"), strict=True)]
        )
        return both[self._are_live(both) & (both != pair.row)]

    def near_rivals(self, pair: Pair) -> Ints:
        rivals = self.rivals(pair)
        return rivals[self.rows["score"][rivals] > pair.score - MARGIN]

    def standing(self, pair: Pair) -> Standing:
        rivals = self.rows[self.rivals(pair)]
        return Standing(int(rivals["score"].max()) if len(rivals) else None, bool(rivals["is_told"].any()))

    def count_near_rivals(self, pair: Pair) -> tuple[int, int]:
        """How many other invoices, and how many other lines, come near."""
        is_of_line = self.rows["line"][self.near_rivals(pair)] == self.rows["line"][pair.row]
        return int(is_of_line.sum()), int((~is_of_line).sum())

    def near_proven(self, pair: Pair) -> Iterator[Pair]:
        return (self._proven_of_row[row] for row in self.near_rivals(pair).tolist() if row in self._proven_of_row)

    def unrivalled(self) -> Iterator[Pair]:
        """The free proven pairs to which no rival comes near, with their standing."""
        strongest, is_shadowed = self._rivals_of_all()
        alone = strongest <= self.rows["score"] - MARGIN
        for pair in self.proven:
            if alone[pair.row] and self.is_free(pair):
                pair.standing = _standing(strongest[pair.row], is_shadowed[pair.row])
                yield pair

    def note_standings(self) -> None:
        """Keep how all pairs stand now: what pairs are suggested with, whatever sums take later."""
        self._noted = self._rivals_of_all()

    def _rivals_of_all(self) -> tuple[Ints, Flags]:
        """For every row the best score of its rivals, and whether one of them is told."""
        is_live = self._are_live(np.arange(len(self.rows)))
        live, is_told = np.flatnonzero(is_live), is_live & self.rows["is_told"]
        strongest = np.maximum(*(side.strongest_other(self.rows["score"], live) for side in self._sides))
        # A pair that is told itself is counted at both of its ends.
        told = np.sum([side.count(np.flatnonzero(is_told)) for side in self._sides], axis=0)
        return strongest, told > 2 * is_told

    def _are_live(self, rows: Ints) -> Flags:
        invoices, lines = self._sides
        is_free = invoices.is_free[self.rows["invoice"][rows]] & lines.is_free[self.rows["line"][rows]]
        return is_free | self.rows["is_proven"][rows]

    def suggestible(self, most: Callable[[str], int]) -> Iterator[Pair]:
        """The free pairs worth a suggestion, of each line the first `most(line id)`."""
        rows = np.flatnonzero(self.free() & (self.rows["score"] >= FLOOR))
        lines = self._sides[1]
        limits = np.fromiter((most(end) for end in self._place[1]), np.int64, len(self._place[1]))
        first = lines.rank(rows) < limits[self.rows["line"][rows]]
        return (self._suggested(row) for row in rows[first].tolist())

    def _suggested(self, row: int) -> Pair:
        pair = self._pair(row)
        if self._noted and pair.evidence.is_told and not pair.vetoes:
            strongest, is_shadowed = self._noted
            pair.standing = _standing(strongest[row], is_shadowed[row])
        return pair


def _standing(strongest: np.int64, is_shadowed: np.bool_) -> Standing:
    return Standing(None if strongest == NOBODY else int(strongest), bool(is_shadowed))


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
