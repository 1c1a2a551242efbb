"""How the engine grows with a company: `python -m bench.growth [MONTHS]`, on one core.

Companies of 1,000 … 100,000 invoices and as many lines, made by the tests' generator over the same months, so that a
larger one is denser too. Each is measured in a process of its own, by the seconds of its processor and its most
memory, beside a yardstick of the same process: joining the same rows on their cents in plain Python, and sorting them.
Writes the table, and `docs/matching-growth.svg`.
"""

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from banking.matching.engine import match
from banking.matching.facts import InvoiceFact, TransactionFact
from bench.plot import Curve, plot
from tests.banking.matching.dossier import make_dossier

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 100_000)
MONTHS = 60
TARGET = Path(__file__).parent.parent / "docs" / "matching-growth.svg"


def join(invoices: Sequence[InvoiceFact], transactions: Sequence[TransactionFact]) -> int:
    """The yardstick: what any matching has to do, sort both sides and bring equal cents together."""
    of_cents: defaultdict[int, list[TransactionFact]] = defaultdict(list)
    for line in sorted(transactions, key=lambda line: (line.booked_on, line.id)):
        of_cents[-line.cents].append(line)
    return sum(len(of_cents.get(i.cents, ())) for i in sorted(invoices, key=lambda i: (i.issued_on, i.id)))


def measure(size: int, months: int) -> None:
    """Print the measures of one company as JSON."""
    dossier = make_dossier(seed=size, size=size, months=months)
    before = _most_memory()
    start = time.process_time()
    join(dossier.invoices, dossier.transactions)
    joined = time.process_time()
    decisions = match(dossier.invoices, dossier.transactions)
    spent = time.process_time() - joined
    automatic = sum(decision.state == "auto" for decision in decisions)
    row = {
        "invoices": len(dossier.invoices),
        "lines": len(dossier.transactions),
        "seconds": spent,
        "yardstick": joined - start,
        "megabytes": _most_memory(),
        "before": before,
        "automatic": automatic,
        "suggested": len(decisions) - automatic,
    }
    print(json.dumps(row))


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(months: int) -> None:
    print("| invoices | lines | seconds | ms per invoice | yardstick, s | ratio | MB | automatic | suggested |")
    print("| --- " * 9 + "|")
    rows = []
    for size in SIZES:
        words = [sys.executable, "-m", "bench.growth", "--one", str(size), str(months)]
        row = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        rows.append(row)
        told = (f"{row['invoices']:,}", f"{row['lines']:,}", f"{row['seconds']:.2f}")
        each = f"{1000 * row['seconds'] / row['invoices']:.3f}"
        beside = (f"{row['yardstick']:.3f}", f"{row['seconds'] / row['yardstick']:.0f}", row["megabytes"])
        print("|", " | ".join(map(str, (*told, each, *beside, row["automatic"], row["suggested"]))), "|", flush=True)
    TARGET.write_text(_drawn(rows), encoding="utf-8")


def _drawn(rows: list[dict[str, float]]) -> str:
    first = rows[0]
    spent = [(row["invoices"], row["seconds"]) for row in rows]
    linear = [(row["invoices"], first["seconds"] * row["invoices"] / first["invoices"]) for row in rows]
    return plot(
        "Seconds of one core, by open invoices",
        [Curve("the engine", spent), Curve("in proportion to 1,000", linear, is_dashed=True)],
    )


if __name__ == "__main__":
    if "--one" in sys.argv:
        measure(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MONTHS)
