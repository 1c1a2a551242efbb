"""Measure the matching engine: `python -m bench.matching FOLDER…` and `python -m bench.matching --time`.

A folder holds `invoices.jsonl` and `transactions.jsonl`. The predictions are written to a temporary folder; where a
`score.py` lies beside the folder, its last line is printed. Timing is always given with a reference measured in the
same run: the rule « unique equal total within 30 days ».
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from banking.matching.engine import match
from banking.matching.facts import Decision, InvoiceFact, TransactionFact
from banking.matching.labels import fold
from banking.matching.methods import read_method

Row = dict[str, Any]


def read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def invoice_fact(row: Row) -> InvoiceFact:
    method = read_method(row["payment_method"])
    return InvoiceFact(
        id=row["id"],
        issued_on=date.fromisoformat(row["date"]),
        due_on=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        cents=row["total"],
        currency=row["currency"],
        supplier=row["supplier"],
        supplier_key=fold(row["supplier"]),
        number=row["number"],
        method_last_four=method.last_four,
        is_off_bank=method.is_off_bank,
        payer=method.payer,
        is_deferred=method.is_deferred,
    )


def transaction_fact(row: Row) -> TransactionFact:
    return TransactionFact(row["id"], "bank", date.fromisoformat(row["date"]), row["amount"], row["label"])


def read_folder(folder: Path) -> tuple[list[InvoiceFact], list[TransactionFact]]:
    invoices = [invoice_fact(row) for row in read_rows(folder / "invoices.jsonl")]
    return invoices, [transaction_fact(row) for row in read_rows(folder / "transactions.jsonl")]


def prediction(decision: Decision) -> str:
    row = {"invoices": decision.invoice_ids, "transactions": decision.transaction_ids, "state": decision.state}
    return json.dumps(row) + "\n"


def measure(folders: list[Path]) -> None:
    """Score each folder, then all of them pooled."""
    with tempfile.TemporaryDirectory() as place:
        words: list[str] = []
        for folder in folders:
            target = Path(place) / f"{folder.name}.jsonl"
            invoices, transactions = read_folder(folder)
            target.write_text("".join(map(prediction, match(invoices, transactions))), encoding="utf-8")
            words += [str(folder), str(target)]
            print(f"{folder.name:10}", scorer_says(folder, words[-2:])[-1])
        print(*scorer_says(folders[0], words), sep="\n")


def scorer_says(folder: Path, words: list[str]) -> list[str]:
    scorer = folder.resolve().parent / "score.py"
    if not scorer.exists():
        return [f"no scorer beside {folder}"]
    answer = subprocess.run([sys.executable, str(scorer), *words], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def reference_rule(invoices: list[InvoiceFact], transactions: list[TransactionFact]) -> list[tuple[str, str]]:
    """Unique equal total within 30 days: the simplest rule in use, as a yardstick of time."""
    by_cents: defaultdict[int, list[tuple[date, str]]] = defaultdict(list)
    for line in transactions:
        by_cents[-line.cents].append((line.booked_on, line.id))
    for lines in by_cents.values():
        lines.sort()
    found = []
    for invoice in invoices:
        lines = by_cents[invoice.cents]
        start = bisect_left(lines, (invoice.issued_on - timedelta(days=30), ""))
        near = [i for on, i in lines[start:] if on <= invoice.issued_on + timedelta(days=30)]
        if len(near) == 1:
            found.append((invoice.id, near[0]))
    return found


def best_of(times: int, deed: Callable[[], object]) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        deed()
        spent.append(time.perf_counter() - start)
    return min(spent)


def clock(size: int) -> None:
    """Time `size` invoices against `size` lines, made by the tests' generator, beside the reference rule."""
    from tests.banking.matching.dossier import make_dossier

    dossier = make_dossier(seed=size, size=size)
    invoices, transactions = dossier.invoices[:size], dossier.transactions[:size]
    engine = best_of(3, lambda: match(invoices, transactions))
    rule = best_of(3, lambda: reference_rule(invoices, transactions))
    print(
        f"{len(invoices)} × {len(transactions)}: engine {engine:.3f} s,"
        f" reference rule {rule:.4f} s, ratio {engine / rule:.0f}"
    )


def main(words: list[str]) -> None:
    sizes = [int(word) for word in words if re.fullmatch(r"\d+", word)]
    folders = [Path(word) for word in words if Path(word).is_dir()]
    if folders:
        measure(folders)
    for size in sizes or [2000]:
        clock(size)


if __name__ == "__main__":
    main(sys.argv[1:])
