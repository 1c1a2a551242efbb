"""Which of some amounts add up to a sum, to the cent: meet in the middle, bounded in size and in number. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np

MOST_AMOUNTS = 22
MOST_MEMBERS = 8

Subset = tuple[int, ...]
Sums = np.ndarray[tuple[int], np.dtype[np.int64]]


def exact_subsets(
    amounts: Sequence[int], target: int, *, least: int = 2, most: int = MOST_MEMBERS, limit: int = 12
) -> list[Subset]:
    """The places of `least` to `most` of `amounts` whose sum is `target`, at most `limit` of them.

    Amounts and target are integers of any sign. Of more than 22 amounts the first are looked at: 2 × 2¹¹ sums.
    """
    return list(_found(tuple(amounts[:MOST_AMOUNTS]), target, least, most, limit))


@lru_cache(maxsize=65_536)
def _found(amounts: tuple[int, ...], target: int, least: int, most: int, limit: int) -> tuple[Subset, ...]:
    half = len(amounts) // 2
    first, rest = _sums(amounts[:half]), _sums(amounts[half:])
    order = np.argsort(first, kind="stable")
    wanted = target - rest
    start = np.searchsorted(first, wanted, "left", sorter=order)
    end = np.searchsorted(first, wanted, "right", sorter=order)
    hits = np.flatnonzero(end > start)
    joined = ((int(mask), int(order[place])) for mask in hits for place in range(start[mask], end[mask]))
    return tuple(islice(_of_size(joined, half, least, most), limit))


def _of_size(joined: Iterator[tuple[int, int]], half: int, least: int, most: int) -> Iterator[Subset]:
    """The places that two masks, of the second half and of the first, stand for."""
    for rest, first in joined:
        mask = rest << half | first
        if least <= mask.bit_count() <= most:
            yield tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def _sums(amounts: Sequence[int]) -> Sums:
    """The sum of every subset; the place of each is the mask of its members."""
    sums = np.zeros(1, dtype=np.int64)
    for amount in amounts:
        sums = np.concatenate((sums, sums + amount))
    return sums


def runs(amounts: Sequence[int], target: int, *, least: int = 2) -> list[Subset]:
    """The unbroken runs of `amounts`, of any length, whose sum is `target`."""
    heads = [0]
    for amount in amounts:
        heads.append(heads[-1] + amount)
    places = sorted((total, place) for place, total in enumerate(heads))
    found = []
    for end, total in enumerate(heads):
        start = bisect_left(places, (total - target, -1))
        while start < len(places) and places[start][0] == total - target:
            if end - places[start][1] >= least:
                found.append(tuple(range(places[start][1], end)))
            start += 1
    return sorted(found)
