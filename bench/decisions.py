"""All that the engine decides on fixed sets, one decision a line: `python -m bench.decisions TARGET [FOLDER…]`.

Written before and after a change that should change nothing, the two files are the same, byte for byte.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from banking.matching.engine import match
from banking.matching.facts import InvoiceFact, TransactionFact
from bench.matching import read_folder
from tests.banking.matching.dossier import make_dossier

MADE = ((50_000, 600, 8), (50_001, 600, 8), (50_002, 600, 8), (60_000, 1_200, 2), (60_001, 1_200, 2), (2_000, 2_000, 8))


def decisions(name: str, invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact]) -> Iterator[str]:
    for decision in match(invoices, transactions):
        yield f"{name} {decision!r}\n"


def main(target: str, *folders: str) -> None:
    with Path(target).open("w", encoding="utf-8") as file:
        for folder in sorted(map(Path, folders)):
            file.writelines(decisions(folder.name, *read_folder(folder)))
        for seed, size, months in MADE:
            dossier = make_dossier(seed=seed, size=size, months=months)
            file.writelines(decisions(f"made-{seed}", dossier.invoices, dossier.transactions))


if __name__ == "__main__":
    main(*sys.argv[1:])
