"""Columns: what is read of each invoice and line once, as arrays, and what is asked once of each distinct pair."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
# The places of the invoices, and beside each that of its line.
Places = tuple[Ints, Ints]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Coded[T: Hashable]:
    """A column whose distinct values are kept once: the value of row i is `values[codes[i]]`."""

    codes: Ints
    values: list[T]

    def codes_of(self, values: Iterable[T]) -> Ints:
        """The codes that other values have here, `UNKNOWN` where they have none."""
        places = {value: place for place, value in enumerate(self.values)}
        return np.fromiter((places.get(value, UNKNOWN) for value in values), np.int64)


def coded[T: Hashable](values: Iterable[T]) -> Coded[T]:
    places: dict[T, int] = {}
    codes = np.fromiter((places.setdefault(value, len(places)) for value in values), np.int64)
    return Coded(codes, list(places))


def days_of(dates: Iterable[date | None]) -> Ints:
    """Days of the common era; `UNKNOWN` where there is no date."""
    return np.fromiter((day.toordinal() if day else UNKNOWN for day in dates), np.int64)


def flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, np.bool_)


def per_distinct[L: Hashable, R: Hashable](
    answer: Callable[[L, R], float], left: Coded[L], right: Coded[R], at: Places
) -> Floats:
    """`answer` for the pairs of rows `at`, asked once for each distinct pair of values."""
    found, places = distinct(left, right, at)
    return np.fromiter((answer(*pair) for pair in found), np.float64, len(found))[places]


def distinct[L: Hashable, R: Hashable](left: Coded[L], right: Coded[R], at: Places) -> tuple[list[tuple[L, R]], Ints]:
    """The distinct pairs of values in the pairs of rows `at`, and for each pair of rows the place of its values."""
    width = max(1, len(right.values))
    keys, places = np.unique(left.codes[at[0]] * width + right.codes[at[1]], return_inverse=True)
    return [(left.values[key // width], right.values[key % width]) for key in keys.tolist()], places
