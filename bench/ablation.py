"""What each part of the matching engine brings: `python -m bench.ablation [FOLDER…]`.

Each kind of sum is left out in turn, on the labelled folders where they are and on made-up companies of held-out seeds:
the share of all true pairs matched automatically, and found with suggestions, beside the whole engine's.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from banking.matching import engine
from banking.matching.facts import InvoiceFact, TransactionFact
from bench.matching import read_folder, read_rows
from tests.banking.matching.dossier import make_dossier

Pair = tuple[str, str]


class Case(NamedTuple):
    invoices: list[InvoiceFact]
    transactions: list[TransactionFact]
    pairs: set[Pair]


def labelled(folder: Path) -> Case:
    invoices, transactions = read_folder(folder)
    groups = read_rows(folder / "truth.jsonl")
    return Case(invoices, transactions, {(i, t) for g in groups for i in g["invoices"] for t in g["transactions"]})


def made_up() -> Iterator[Case]:
    for seed in range(50_000, 50_006):
        dossier = make_dossier(seed=seed, size=600)
        yield Case(dossier.invoices, dossier.transactions, dossier.pairs)


def shares(cases: list[Case]) -> tuple[float, float]:
    """(matched automatically, found at all) of the true pairs."""
    automatic = found = true = 0
    for case in cases:
        decisions = engine.match(case.invoices, case.transactions)
        made = {(p.invoice_id, p.transaction_id) for d in decisions if d.state == "auto" for p in d.parts}
        seen = {(p.invoice_id, p.transaction_id) for d in decisions for p in d.parts}
        automatic, found, true = (
            automatic + len(made & case.pairs),
            found + len(seen & case.pairs),
            true + len(case.pairs),
        )
    return automatic / true, found / true


def main(words: list[str]) -> None:
    sets = {"made up": list(made_up())}
    if folders := [Path(word) for word in words if (Path(word) / "truth.jsonl").exists()]:
        sets["labelled"] = [labelled(folder) for folder in folders]
    whole = engine.PROPOSERS
    print(f"{'left out':24}" + "".join(f"{name + ': auto':>18}{'found':>9}" for name in sets))
    for left_out in (None, *whole, "all"):
        engine.PROPOSERS = () if left_out == "all" else tuple(part for part in whole if part is not left_out)
        name = left_out if isinstance(left_out, str) else left_out.__name__ if left_out else "nothing"
        row = [shares(cases) for cases in sets.values()]
        print(f"{name:24}" + "".join(f"{automatic:18.3f}{found:9.3f}" for automatic, found in row))
    engine.PROPOSERS = whole


if __name__ == "__main__":
    main(sys.argv[1:])
