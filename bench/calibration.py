"""Whether a score means what it says: `python -m bench.calibration [FOLDER…]`.

A score and its lead over the best rival, after the engine assigned, are turned into a probability by a logistic curve
fitted on made-up companies of other seeds; then, bin by bin, what it predicts stands beside what was true: on held-out
made-up companies, dense ones and the labelled folders.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from banking.matching.engine import match
from banking.matching.fitting import logistic
from bench.ablation import Case, labelled
from bench.learning import ends_of
from tests.banking.matching.dossier import make_dossier

BINS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.995, 1.0)
MOST_LEAD = 600


def made_up(seeds: range, months: int) -> list[Case]:
    dossiers = (make_dossier(seed=seed, size=500, months=months) for seed in seeds)
    return [Case(dossier.invoices, dossier.transactions, dossier.pairs) for dossier in dossiers]


def weighed(cases: list[Case]) -> tuple[np.ndarray, np.ndarray]:
    """(bias, score, lead, told) of each decision on a pair that nothing vetoes, and whether it is true."""
    told, right = [], []
    for case in cases:
        for decision in match(case.invoices, case.transactions):
            if "features" in decision.record and not decision.record["vetoes"]:
                rival = (decision.record["standing"] or [None])[0]
                lead = MOST_LEAD if rival is None else min(MOST_LEAD, max(-MOST_LEAD, decision.score - rival))
                told.append([1.0, decision.score / 100, lead / 100, float(decision.record["standing"] is not None)])
                right.append(ends_of(decision) <= case.pairs)
    return np.array(told), np.array(right, dtype=float)


def table(name: str, chances: np.ndarray, right: np.ndarray) -> None:
    print(f"{name}: {len(right)} decisions on pairs, Brier score {np.mean((chances - right) ** 2):.4f}")
    print(f"  {'predicted':>16}{'decisions':>11}{'mean':>9}{'observed':>10}")
    places = defaultdict(list)
    for place, bin_ in enumerate(np.searchsorted(BINS[1:-1], chances, side="right")):
        places[int(bin_)].append(place)
    for bin_, members in sorted(places.items()):
        span = f"{BINS[bin_]:.3f}–{BINS[bin_ + 1]:.3f}"
        print(f"  {span:>16}{len(members):>11}{chances[members].mean():>9.4f}{right[members].mean():>10.4f}")


def main(words: list[str]) -> None:
    told, right = weighed(made_up(range(40_000, 40_006), 8) + made_up(range(41_000, 41_003), 2))
    curve = logistic(told, right, np.zeros(4), np.full(4, 3.0))
    print("log-odds =", " ".join(f"{c:+.2f} {n}" for c, n in zip(curve, ("", "score", "lead", "told"), strict=True)))
    sets = {"made up": made_up(range(50_000, 50_006), 8), "made up, dense": made_up(range(60_000, 60_004), 2)}
    if folders := [Path(word) for word in words if (Path(word) / "truth.jsonl").exists()]:
        sets["labelled"] = [labelled(folder) for folder in folders]
    for name, cases in sets.items():
        told, right = weighed(cases)
        table(name, 1 / (1 + np.exp(-(told @ curve))), right)


if __name__ == "__main__":
    main(sys.argv[1:])
