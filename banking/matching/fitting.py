"""Weights and threshold fitted on what people decided, never bolder than held-out decisions prove.

A logistic regression on the parts of the score, drawn strongly to the prior. Each example is scored by a fit that did
not see its fold; on those scores stands the threshold. The prior gives way only where the machine would have settled
clearly more of the held-out examples, no more of them wrongly, and the lower 95 % bound of its precision is 99.5 %.
Where the prior itself is shown to be too bold, its threshold rises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from banking.matching.precision import is_below, lower_bound
from banking.matching.scoring import PARTS
from banking.matching.weights import BY_HAND, Weights

LEAST_PRECISION = 0.995
FOLDS = 5
FEWEST = 50
CLEARLY_MORE = 20
# The spread of the shares around the prior, and of the bias, which takes in what no part says.
SPREAD, SPREAD_OF_BIAS = 0.25, 3.0
LEAST_SHARE, MOST_SHARE = 50, 150
LEAST_PROVEN, MOST_PROVEN, STEP = 500, 1_500, 25


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that a person decided on: its hand-set parts, and whether it was right.

    `is_free` says that only the score stood between it and the machine: told, allowed, unrivalled. Examples of one
    `source` (a company of a firm) are held out together.
    """

    parts: Mapping[str, int]
    is_right: bool
    is_free: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the machine would have settled of held-out examples, and how many of those were right."""

    settled: int
    right: int

    @property
    def wrong(self) -> int:
        return self.settled - self.right

    @property
    def bound(self) -> float:
        return lower_bound(self.right, self.settled)


@dataclass(frozen=True, slots=True)
class Fit:
    """The weights to use, and what the prior and they would have settled of the same held-out examples."""

    weights: Weights
    before: Measure
    after: Measure


def fit(examples: Sequence[Example], prior: Weights) -> Fit:
    """The boldest weights that the examples prove safe; the prior itself where they prove nothing."""
    by_prior = _scored(examples, [prior] * len(examples))
    before = by_prior.settled_from(prior.proven)
    ways = [(prior, by_prior)]
    if len(examples) >= FEWEST:
        ways.append((fit_shares(examples, prior), _scored(examples, _held_out(examples, prior))))
    fits = [Fit(prior, before, before)]
    for weights, scored in ways:
        for proven in range(LEAST_PROVEN, MOST_PROVEN, STEP):
            after = scored.settled_from(proven)
            if after.wrong <= before.wrong and after.bound >= LEAST_PRECISION:
                fits.append(Fit(replace(weights, proven=proven), before, after))
                break
    best = max(fits, key=lambda found: found.after.settled)
    return best if best.after.settled >= before.settled + CLEARLY_MORE else _cautious(by_prior, prior, before)


def _cautious(scored: "_Scored", prior: Weights, before: Measure) -> Fit:
    """The prior, its threshold raised as far as what people undid asks for."""
    after, proven = before, prior.proven
    while is_below(LEAST_PRECISION, after.right, after.settled) and proven < MOST_PROVEN:
        proven += STEP
        after = scored.settled_from(proven)
    return Fit(replace(prior, proven=proven), before, after)


@dataclass(frozen=True, slots=True)
class _Scored:
    """The scores of the free examples, beside whether each was right."""

    scores: np.ndarray
    right: np.ndarray

    def settled_from(self, proven: int) -> Measure:
        settled = self.scores >= proven
        return Measure(int(settled.sum()), int((settled & self.right).sum()))


def _scored(examples: Sequence[Example], weights: Sequence[Weights]) -> _Scored:
    free = [(example, own) for example, own in zip(examples, weights, strict=True) if example.is_free]
    scores = [sum(own.weigh(example.parts).values()) for example, own in free]
    return _Scored(np.array(scores, dtype=int), np.array([example.is_right for example, _ in free], dtype=bool))


def fit_shares(examples: Sequence[Example], prior: Weights) -> Weights:
    """The most likely shares, given the prior; its threshold."""
    mean = np.array([-SPREAD_OF_BIAS, *(prior.shares.get(name, BY_HAND) / BY_HAND for name in PARTS)])
    spread = np.array([SPREAD_OF_BIAS, *(SPREAD for _ in PARTS)])
    told = np.array([[1.0, *(example.parts.get(name, 0) / 100 for name in PARTS)] for example in examples])
    right = np.array([example.is_right for example in examples], dtype=float)
    found = logistic(told, right, mean, spread)[1:]
    shares = np.clip(np.rint(found * BY_HAND), LEAST_SHARE, MOST_SHARE).astype(int).tolist()
    return Weights({name: share for name, share in zip(PARTS, shares, strict=True) if share != BY_HAND}, prior.proven)


def logistic(told: np.ndarray, right: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """The most likely coefficients of a logistic regression under a normal prior, by Newton's steps."""
    found, precision = mean.copy(), spread**-2.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(told @ found, -30, 30)))
        slope = told.T @ (right - chance) - precision * (found - mean)
        bend = (told * (chance * (1 - chance))[:, None]).T @ told + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        found = found + np.clip(step, -1, 1)
        if float(np.abs(step).max()) < 1e-6:
            break
    return found


def _held_out(examples: Sequence[Example], prior: Weights) -> list[Weights]:
    """For each example the weights fitted without its fold."""
    fold_of = list(_folds(examples))
    fitted = {}
    for fold in sorted(set(fold_of)):
        seen = [example for example, own in zip(examples, fold_of, strict=True) if own != fold]
        fitted[fold] = fit_shares(seen, prior) if seen else prior
    return [fitted[fold] for fold in fold_of]


def _folds(examples: Sequence[Example]) -> Iterator[int]:
    """Companies apart where there are several; else stretches of time, as examples come in the order of decisions."""
    places = {source: place for place, source in enumerate(sorted({example.source for example in examples}))}
    for place, example in enumerate(examples):
        yield places[example.source] % FOLDS if len(places) > 1 else place * FOLDS // len(examples)
