"""What confirmations teach: `python -m bench.learning [FOLDER…]`, untrained beside a tenth confirmed by hand.

A company's accountant answers for a tenth of the true pairs and of the wrong proposals; what is confirmed gives
aliases, as in `banking.learning`, and examples, as in `banking.runs.policies`: those of the other companies of the set
make the firm's prior. What was confirmed is left out of what is counted.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from banking.matching.engine import match
from banking.matching.facts import Decision, Memory, Policy, supplier_key
from banking.matching.fitting import Example, fit
from banking.matching.labels import read_label
from banking.matching.precision import lower_bound
from banking.matching.record import example_of
from banking.matching.weights import UNTRAINED, Weights
from bench.ablation import Case, labelled
from tests.banking.matching.dossier import make_dossier

Pairs = set[tuple[str, str]]
SHORTEST_LABEL = 4


def made_up(months: int, size: int) -> list[Case]:
    dossiers = (make_dossier(seed=seed, size=size, months=months) for seed in range(50_000, 50_006))
    return [Case(dossier.invoices, dossier.transactions, dossier.pairs) for dossier in dossiers]


def answers(case: Case, share: float, seed: int) -> tuple[Case, Memory, list[Example]]:
    """The case without the `share` of it that was answered, what was learnt at once, and the examples."""
    chance = random.Random(seed)
    decided = {ends for ends in sorted(case.pairs) if chance.random() < share}
    examples, refused = [], set()
    for decision in match(case.invoices, case.transactions):
        ends = ends_of(decision)
        is_answered = ends <= decided if ends <= case.pairs else chance.random() < share
        example = example_of(decision.record, is_right=ends <= case.pairs) if is_answered else None
        examples += [example] if example else []
        refused |= ends if is_answered and not ends <= case.pairs else set()
    rest = Case(
        [i for i in case.invoices if i.id not in {invoice_id for invoice_id, _ in decided}],
        [t for t in case.transactions if t.id not in {line_id for _, line_id in decided}],
        case.pairs - decided,
    )
    return rest, Memory(_aliases(case, decided), frozenset(refused), _lags(case, decided)), examples


def _lags(case: Case, decided: Pairs) -> dict[tuple[str, int], frozenset[int]]:
    invoices, lines = {i.id: i for i in case.invoices}, {t.id: t for t in case.transactions}
    found: dict[tuple[str, int], frozenset[int]] = {}
    for invoice_id, line_id in decided:
        invoice, line = invoices[invoice_id], lines[line_id]
        if invoice.cents == -line.cents:
            key = supplier_key(invoice), invoice.cents
            found[key] = found.get(key, frozenset()) | {(line.booked_on - invoice.issued_on).days}
    return found


def _aliases(case: Case, decided: Pairs) -> dict[str, str]:
    invoices, lines = {i.id: i for i in case.invoices}, {t.id: t for t in case.transactions}
    meant: dict[str, set[str]] = {}
    for invoice_id, line_id in decided:
        label = read_label(lines[line_id].label, lines[line_id].booked_on)
        for key in (label.core if len(label.core) >= SHORTEST_LABEL else "", label.creditor):
            if key and not invoices[invoice_id].is_off_bank:
                meant.setdefault(key, set()).add(supplier_key(invoices[invoice_id]))
    return {key: keys.pop() for key, keys in meant.items() if len(keys) == 1}


def ends_of(decision: Decision) -> Pairs:
    return {(part.invoice_id, part.transaction_id) for part in decision.parts}


def said(cases: Sequence[tuple[Case, Memory, Weights]]) -> str:
    made = right = true = 0
    for case, memory, weights in cases:
        decisions = match(case.invoices, case.transactions, memory, Policy(weights=weights))
        automatic = {ends for d in decisions if d.state == "auto" for ends in ends_of(d)}
        made, right, true = made + len(automatic), right + len(automatic & case.pairs), true + len(case.pairs)
    return f"precision {right / made:.4f} (≥ {lower_bound(right, made):.4f}) of {made}, recall {right / true:.4f}"


def compare(name: str, cases: list[Case], share: float) -> None:
    learnt = [answers(case, share, seed) for seed, case in enumerate(cases)]
    taught = [[replace(e, source=str(place)) for e in examples] for place, (*_, examples) in enumerate(learnt)]
    fits = []
    for place, own in enumerate(taught):
        firm = fit([e for other, examples in enumerate(taught) if other != place for e in examples], UNTRAINED)
        fits.append(fit(own, firm.weights).weights)
    rests = [case for case, _, _ in learnt]
    print(f"{name}, {share:.0%} answered, {sum(map(len, taught))} examples of pairs")
    print("  untrained:           ", said([(case, Memory(), UNTRAINED) for case in rests]))
    print("  aliases:             ", said([(c, replace(m, lags={}), UNTRAINED) for c, m, _ in learnt]))
    print("  and other months:    ", said([(case, memory, UNTRAINED) for case, memory, _ in learnt]))
    print("  and weights:         ", said([(c, m, w) for (c, m, _), w in zip(learnt, fits, strict=True)]))
    print("  weights:", " · ".join(sorted({f"{dict(w.shares) or 'by hand'} from {w.proven}" for w in fits})))


def main(words: list[str]) -> None:
    sets = {"made up": made_up(8, 600), "made up, dense": made_up(2, 600)}
    if folders := [Path(word) for word in words if (Path(word) / "truth.jsonl").exists()]:
        sets["labelled"] = [labelled(folder) for folder in folders]
    for name, cases in sets.items():
        for share in (0.1, 0.5):
            compare(name, cases, share)


if __name__ == "__main__":
    main(sys.argv[1:])
