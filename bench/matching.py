"""Measure the matching engine: `python -m bench.matching [FOLDER…] [SIZE…]`, or `make bench-matching`.

A folder holds `invoices.jsonl` and `transactions.jsonl`, labelled; a `score.py` beside it says how good the engine is.
Companies of our own, of other banks and trades, are made up by held-out seeds. All is said beside the documented rules
of others on the same data, and timing beside the time of Dext's rule in the same run.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from banking.matching.engine import match
from banking.matching.facts import Decision, InvoiceFact, TransactionFact
from banking.matching.labels import fold
from banking.matching.methods import read_method
from bench.rules import RULES, Pairs, dext
from tests.banking.matching.dossier import make_dossier

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
    """Score each labelled folder, then all of them pooled, beside the rules of others."""
    with tempfile.TemporaryDirectory() as place:
        pooled: defaultdict[str, list[str]] = defaultdict(list)
        for folder in folders:
            invoices, transactions = read_folder(folder)
            ours = "".join(map(prediction, match(invoices, transactions)))
            theirs = {name: _as_rows(rule(invoices, transactions)) for name, rule in RULES.items()}
            for name, text in {"MEG": ours, **theirs}.items():
                target = Path(place) / f"{folder.name}-{name}.jsonl"
                target.write_text(text, encoding="utf-8")
                pooled[name] += [str(folder), str(target)]
            print(f"{folder.name:18}", scorer_says(folder, pooled["MEG"][-2:])[-1])
        for name in RULES:
            print(f"{name:18}", scorer_says(folders[0], pooled[name])[-1])
        print(*scorer_says(folders[0], pooled["MEG"]), sep="\n")


def _as_rows(pairs: Pairs) -> str:
    return "".join(json.dumps({"invoices": [i], "transactions": [t], "state": "auto"}) + "\n" for i, t in pairs)


def scorer_says(folder: Path, words: list[str]) -> list[str]:
    scorer = folder.resolve().parent / "score.py"
    if not scorer.exists():
        return [f"no scorer beside {folder}"]
    answer = subprocess.run([sys.executable, str(scorer), *words], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def measure_made(seeds: range, size: int, *, months: int) -> None:
    """Our own made-up companies, by seeds that no test and no weight has seen; denser in fewer months."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        dossier = make_dossier(seed=seed, size=size, months=months)
        decisions = match(dossier.invoices, dossier.transactions)
        sets = [({(p.invoice_id, p.transaction_id) for p in d.parts}, d) for d in decisions]
        counts["true"] += len(dossier.pairs)
        for pairs, decision in sets:
            if decision.state == "auto":
                kind = "sums" if len(pairs) > 1 else "pairs"
                counts[kind] += 1
                counts[f"right {kind}"] += pairs <= dossier.pairs
                counts["made"] += len(pairs)
                counts["right"] += len(pairs & dossier.pairs)
        counts["found"] += len(dossier.pairs & {pair for pairs, _ in sets for pair in pairs})
        for name, rule in RULES.items():
            theirs = rule(dossier.invoices, dossier.transactions)
            counts[f"{name} made"] += len(theirs)
            counts[f"{name} right"] += sum(pair in dossier.pairs for pair in theirs)
    print(f"made up, {len(seeds)} × {size} in {months} months:", _shares(counts, "made", "right"), _sets(counts))
    for name in RULES:
        print(f"  {name}:", _shares(counts, f"{name} made", f"{name} right"))


def _shares(counts: Counter[str], made: str, right: str) -> str:
    precision = counts[right] / max(1, counts[made])
    return f"precision {precision:.4f} of {counts[made]}, recall {counts[right] / max(1, counts['true']):.4f}"


def _sets(counts: Counter[str]) -> str:
    return (
        f"found {counts['found'] / max(1, counts['true']):.4f}, whole sums right"
        f" {counts['right sums']}/{counts['sums']}, pairs right {counts['right pairs']}/{counts['pairs']}"
    )


def best_of(times: int, deed: Callable[[], object]) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        deed()
        spent.append(time.perf_counter() - start)
    return min(spent)


def clock(size: int) -> None:
    """Time `size` invoices against `size` lines, made by the tests' generator, beside the reference rule."""
    dossier = make_dossier(seed=size, size=size)
    invoices, transactions = dossier.invoices[:size], dossier.transactions[:size]
    engine = best_of(3, lambda: match(invoices, transactions))
    rule = best_of(3, lambda: dext(invoices, transactions))
    print(
        f"{len(invoices)} × {len(transactions)}: engine {engine:.3f} s,"
        f" Dext's rule {rule:.4f} s, ratio {engine / rule:.0f}"
    )


def main(words: list[str]) -> None:
    sizes = [int(word) for word in words if re.fullmatch(r"\d+", word)]
    folders = [Path(word) for word in words if Path(word).is_dir()]
    if folders:
        measure(folders)
    measure_made(range(50_000, 50_012), 600, months=8)
    measure_made(range(60_000, 60_006), 1_200, months=2)
    for size in sizes or [2000]:
        clock(size)


if __name__ == "__main__":
    main(sys.argv[1:])
