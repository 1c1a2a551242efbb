"""Measure the statement readers: `python -m bench.statements [LINES]` (100,000 by default).

Prints, by format, lines a second, beside the plain reading and splitting of the same file in the same run (decode it,
cut it at its line breaks and at its separator), and the most memory that the stream takes for a tenth of the lines and
for all of them: it does not grow.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from banking.statements.account import AccountKey
from banking.statements.detect import stream_statements
from banking.statements.statement import Statement
from banking.statements.told import Told

TOLD = Told(account=AccountKey.from_rib("30004", "00123", "00012345678"), date_order="dmy")


def files(lines: int) -> dict[str, tuple[bytes, str]]:
    """One file of each format, made by the tests' writers, with what its plain splitting cuts at."""
    from tests.banking.statements import other_writers as others
    from tests.banking.statements.writers import Move, cfonb, ofx

    first = date(2026, 1, 1)
    moves = [
        Move(first + timedelta(days=n * 300 // lines), (n * 7919) % 100_000 - 50_000, f"PRLV SEPA FOURNISSEUR {n}")
        for n in range(lines)
    ]
    return {
        "cfonb120": (cfonb(moves).encode("latin-1"), " "),
        "ofx": (ofx(moves).encode("cp1252"), "<"),
        "camt053": (others.camt_of(moves).encode(), "<"),
        "mt940": (others.mt940(moves).encode(), ":"),
        "qif": (others.qif(moves).encode("cp1252"), "\n"),
        "csv": (others.meg_sides_csv(moves, opening=0).encode("cp1252"), ";"),
    }


def split(data: bytes, separator: str) -> list[list[str]]:
    """The yardstick: what any reader of the file must do at least."""
    return [line.split(separator) for line in data.decode("latin-1").splitlines()]


def seconds(deed: Callable[[], object]) -> float:
    start = time.process_time()
    deed()
    return time.process_time() - start


def kilobytes(deed: Callable[[], object]) -> float:
    tracemalloc.start()
    deed()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024


def streamed(path: Path) -> tuple[str, int]:
    """The format and the number of lines of a file of one statement, none of them kept."""
    count, format = 0, ""
    for event in stream_statements(path, told=TOLD):
        if isinstance(event, Statement):
            format = event.format
        else:
            count += 1
    return format, count


def measure(folder: Path, name: str, few: bytes, whole: bytes, separator: str, lines: int) -> str:
    small, large = folder / f"{name}.few", folder / name
    small.write_bytes(few)
    large.write_bytes(whole)
    assert streamed(large) == (name, lines)
    read = min(seconds(lambda: streamed(large)) for _ in range(2))
    plain = min(seconds(lambda: split(large.read_bytes(), separator)) for _ in range(2))
    return (
        f"{name:12} {read:9.2f} {lines / read:10,.0f} {plain:9.3f} s {read / plain:7.1f}"
        f" {kilobytes(lambda: streamed(small)):8,.0f} KB {kilobytes(lambda: streamed(large)):8,.0f} KB"
        f" {len(whole) / 1024**2:4.0f} MB"
    )


def main(words: list[str]) -> None:
    lines = int(words[0]) if words else 100_000
    print(f"{lines} lines CPU seconds    lines/s   splitting   ratio   a tenth   memory      file")
    few = files(lines // 10)
    with TemporaryDirectory() as folder:
        for name, (data, separator) in files(lines).items():
            print(measure(Path(folder), name, few[name][0], data, separator, lines), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
