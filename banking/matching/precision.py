"""What a count of right ones says of a precision: exact binomial bounds (Clopper and Pearson)."""

import math

DOUBT = 0.05


def lower_bound(right: int, settled: int) -> float:
    """The one-sided lower 95 % bound of a precision seen as `right` of `settled`; 0.0 of nothing."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        is_plausible = settled == 0 or _at_most(settled - right, settled, 1 - middle) > DOUBT
        low, high = (low, middle) if is_plausible else (middle, high)
    return low


def is_below(precision: float, right: int, settled: int) -> bool:
    """Whether so many wrong ones would be a rare accident (under 5 %) were the machine as right as `precision`."""
    wrong = settled - right
    return wrong > 0 and 1 - _at_most(wrong - 1, settled, 1 - precision) < DOUBT


def _at_most(wrong: int, count: int, rate: float) -> float:
    """The chance of `wrong` or fewer of `count`, each wrong at `rate` (strictly between 0 and 1)."""
    if wrong >= count:
        return 1.0
    logs = (
        math.lgamma(count + 1)
        - math.lgamma(k + 1)
        - math.lgamma(count - k + 1)
        + k * math.log(rate)
        + (count - k) * math.log1p(-rate)
        for k in range(wrong + 1)
    )
    return min(1.0, sum(map(math.exp, logs)))
