"""All that the engine decides on fixed sets, one decision a line: `python -m bench.decisions TARGET [FOLDER…]`.

Each set untaught, and taught at random: aliases, refusals, other months, other names, accounts, cards, vetoes, weights
and caps. Written before and after a change that should change nothing, the two files are the same, byte for byte.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from banking.matching.engine import match
from banking.matching.facts import InvoiceFact, Memory, Policy, TransactionFact, supplier_key
from banking.matching.labels import read_label
from banking.matching.weights import Weights
from bench.ablation import Case, labelled
from tests.banking.matching.dossier import make_dossier

MADE = ((50_000, 600, 8), (50_001, 600, 8), (50_002, 600, 8), (60_000, 1_200, 2), (60_001, 1_200, 2), (2_000, 2_000, 8))


def made_up(seed: int, size: int, months: int) -> Case:
    dossier = make_dossier(seed=seed, size=size, months=months)
    return Case(dossier.invoices, dossier.transactions, dossier.pairs)


def decisions(name: str, case: Case) -> Iterator[str]:
    for decision in match(case.invoices, case.transactions):
        yield f"{name} {decision!r}\n"
    chance = random.Random(name)
    memory, policy = taught(case, chance), Policy(weights=_weights(chance), caps_cents={"other": 50_000})
    names = sorted({invoice.supplier for invoice in case.invoices})
    invoices = [_varied(invoice, names, chance) for invoice in case.invoices]
    for decision in match(invoices, [_moved(line, chance) for line in case.transactions], memory, policy):
        yield f"{name} taught {decision!r}\n"


def taught(case: Case, chance: random.Random) -> Memory:
    """What the people of a company may have said: right, and now and then of another month."""
    invoices, lines = {i.id: i for i in case.invoices}, {t.id: t for t in case.transactions}
    aliases: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    lags: defaultdict[tuple[str, int], frozenset[int]] = defaultdict(frozenset)
    for ends in sorted(case.pairs):
        invoice, line = invoices[ends[0]], lines[ends[1]]
        label = read_label(line.label, line.booked_on)
        if chance.random() < 0.4:
            aliases |= {key: supplier_key(invoice) for key in (label.core, label.creditor) if key}
        if chance.random() < 0.1:
            late = (line.booked_on - invoice.issued_on).days + chance.choice((-30, 0, 3, 30))
            lags[supplier_key(invoice), invoice.cents] |= {late}
        if chance.random() < 0.05:
            refused.add(ends)
    return Memory(aliases, frozenset(refused), lags)


def _weights(chance: random.Random) -> Weights:
    return Weights({"name": 90, "days": 112, "reference": 133, "card": 75}, chance.choice((550, 650, 700)))


def _varied(invoice: InvoiceFact, names: list[str], chance: random.Random) -> InvoiceFact:
    return replace(
        invoice,
        other_names=tuple(chance.sample([*names, invoice.supplier[:6]], chance.choice((0, 0, 1, 2)))),
        account_keys=frozenset({chance.choice(("bank", "other"))} if chance.random() < 0.2 else ()),
        method_last_four=chance.choice(("", "", "", "4417", "1111")),
        vetoes=frozenset({"duplicate"} if chance.random() < 0.03 else ()),
    )


def _moved(line: TransactionFact, chance: random.Random) -> TransactionFact:
    return replace(line, account_id=chance.choice(("bank", "bank", "other")))


def main(target: str, *folders: str) -> None:
    with Path(target).open("w", encoding="utf-8") as file:
        for folder in sorted(map(Path, folders)):
            file.writelines(decisions(folder.name, labelled(folder)))
        for made in MADE:
            file.writelines(decisions(f"made-{made[0]}", made_up(*made)))


if __name__ == "__main__":
    main(*sys.argv[1:])
