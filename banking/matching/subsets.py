"""Which of some amounts add up to a sum, to the cent: meet in the middle, bounded in size and in number. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

MOST_AMOUNTS = 22
MOST_MEMBERS = 8

Subset = tuple[int, ...]


def exact_subsets(
    amounts: Sequence[int], target: int, *, least: int = 2, most: int = MOST_MEMBERS, limit: int = 12
) -> list[Subset]:
    """The places of `least` to `most` of `amounts` whose sum is `target`, at most `limit` of them.

    Amounts and target are integers of any sign. Of more than 22 amounts the first are looked at: 2 × 2¹¹ sums.
    """
    looked_at = range(min(len(amounts), MOST_AMOUNTS))
    half = len(looked_at) // 2
    by_sum: defaultdict[int, list[Subset]] = defaultdict(list)
    for total, members in _sums(amounts, looked_at[:half], most):
        by_sum[total].append(members)
    return list(islice(_joined(amounts, looked_at[half:], by_sum, target, least, most), limit))


def _joined(
    amounts: Sequence[int], rest: range, by_sum: dict[int, list[Subset]], target: int, least: int, most: int
) -> Iterator[Subset]:
    for total, members in _sums(amounts, rest, most):
        for first in by_sum.get(target - total, ()):
            if least <= len(first) + len(members) <= most:
                yield first + members


def _sums(amounts: Sequence[int], places: range, most: int) -> list[tuple[int, Subset]]:
    """Each subset of `places` with at most `most` members, and its sum."""
    found: list[tuple[int, Subset]] = [(0, ())]
    for place in places:
        found += [(total + amounts[place], (*members, place)) for total, members in found if len(members) < most]
    return found


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
