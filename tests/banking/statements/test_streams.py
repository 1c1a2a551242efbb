"""A file that is read in pieces says what it says whole, in memory that does not grow with it."""

import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banking.statements import source
from banking.statements.account import AccountKey
from banking.statements.csv_mapping import ColumnMapping, header_fingerprint
from banking.statements.detect import read_statements, stream_statements
from banking.statements.statement import Event, Statement, StatementLine, UnreadableStatement, gathered
from banking.statements.told import Told
from tests.banking.statements import other_writers as others
from tests.banking.statements.other_writers import END
from tests.banking.statements.test_robustness import SEEDS
from tests.banking.statements.writers import Move, cfonb, ofx

DAY = date(2026, 11, 2)
RIB = AccountKey.from_rib("30004", "00123", "00012345678")
BY_ACCOUNT = "date;libellé;montant;compte"
MAPPING = ColumnMapping(
    header_fingerprint(BY_ACCOUNT.split(";")), booked_on=0, label=(1,), date_order="dmy", amount=2, account=3
)
TOLD = Told(account=RIB, date_order="dmy", mappings={MAPPING.fingerprint: MAPPING})
IBANS = ["FR7630004001230001234567843", "DE89370400440532013000", "GB82WEST12345698765432"]


def camt_in_pages(moves: Sequence[Move]) -> str:
    """As two pages of one statement."""
    middle = len(moves) // 2
    pages = []
    for number, part in enumerate((moves[:middle], moves[middle:]), start=1):
        told = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{str(number == 2).lower()}</LastPgInd></StmtPgntn>"
        pages.append(others.camt_statement("".join(map(others.camt_entry, part)), pages=told))
    return others.camt(*pages)


def csv_of_accounts(moves: Sequence[Move]) -> str:
    """Whose rows are of three accounts in turn."""
    rows = (
        f"{move.on:%d/%m/%Y};{others.quoted(move.label)};{others.comma(move.cents)};{IBANS[place % 3]}"
        for place, move in enumerate(moves)
    )
    return "\n".join([BY_ACCOUNT, *rows]) + "\n"


def shuffled_csv(moves: Sequence[Move]) -> str:
    """With balances after the lines, and the lines of two days out of their order."""
    header, *rows = others.meg_sides_csv(moves, opening=0).splitlines()
    return "\n".join([header, *rows[1:], *rows[:1]]) + "\n"


WRITERS: dict[str, Callable[[Sequence[Move]], str]] = {
    "cfonb120": cfonb,
    "cfonb120 without breaks": lambda moves: "".join(line.ljust(120) for line in cfonb(moves).splitlines()),
    "ofx": ofx,
    "camt053": others.camt_of,
    "camt053 in pages": camt_in_pages,
    "mt940": others.mt940,
    "qif": others.qif,
    "csv": lambda moves: others.meg_sides_csv(moves, opening=5),
    "csv out of order": shuffled_csv,
    "csv of several accounts": csv_of_accounts,
}
ENCODINGS = {"camt053": "utf-8", "camt053 in pages": "utf-8", "ofx": "cp1252"}
LABELS = st.text(st.sampled_from("ABCDEFÉÈàç 0123456789*"), min_size=1, max_size=31).map(str.strip).filter(bool)
MOVES = st.lists(
    st.builds(Move, on=st.dates(DAY, END), cents=st.integers(-(10**9), 10**9).filter(bool), label=LABELS),
    min_size=1,
    max_size=8,
)


def written(name: str, moves: Sequence[Move]) -> bytes:
    return WRITERS[name](moves).encode(ENCODINGS.get(name, "latin-1"))


def many(count: int) -> list[Move]:
    """Over November, of more and more cents: so that no sum of some is nothing."""
    return [Move(DAY + timedelta(days=n * 28 // count), 1 + n, f"PRLV FOURNISSEUR {n}") for n in range(count)]


@contextmanager
def in_pieces_of(length: int) -> Iterator[None]:
    whole, source.CHUNK = source.CHUNK, length
    try:
        yield
    finally:
        source.CHUNK = whole


def outcome(deed: Callable[[], list[Statement]]) -> list[Statement] | tuple[str, int | None]:
    try:
        return deed()
    except UnreadableStatement as refused:
        return refused.message, refused.place


def streamed(path: Path, data: bytes) -> list[Event]:
    path.write_bytes(data)
    return list(stream_statements(path, told=TOLD))


@settings(max_examples=150)
@given(st.sampled_from(list(WRITERS)), MOVES, st.integers(1, 200))
def test_a_file_read_in_pieces_says_what_it_says_whole(
    tmp_path_factory: pytest.TempPathFactory, name: str, moves: list[Move], length: int
) -> None:
    data = written(name, moves)
    path = tmp_path_factory.getbasetemp() / "statement"
    path.write_bytes(data)
    whole = outcome(lambda: read_statements(data, told=TOLD))
    with in_pieces_of(length):
        assert outcome(lambda: gathered(stream_statements(path, told=TOLD))) == whole


@settings(max_examples=40)
@given(st.sampled_from([seed for seed in SEEDS if len(seed) < 20_000]), st.integers(1, 300))
def test_a_sample_read_in_pieces_says_what_it_says_whole(data: bytes, length: int) -> None:
    whole = outcome(lambda: read_statements(data, told=TOLD))
    with in_pieces_of(length):
        assert outcome(lambda: read_statements(data, told=TOLD)) == whole


@pytest.mark.parametrize("name", WRITERS)
def test_lines_come_before_their_statement_which_holds_them_no_more(tmp_path: Path, name: str) -> None:
    moves = many(9)
    events = streamed(tmp_path / "statement", written(name, moves))
    assert isinstance(events[-1], Statement)
    assert [event.lines for event in events if isinstance(event, Statement)] == [()] * (
        3 if name == "csv of several accounts" else 1
    )
    assert sum(event.amount_cents for event in events if isinstance(event, StatementLine)) == sum(
        move.cents for move in moves
    )


def test_accounts_that_alternate_in_a_csv_are_read_one_after_the_other(tmp_path: Path) -> None:
    moves = [Move(DAY, cents) for cents in (1, 2, 3, 4, 5, 6, 7)]
    events = streamed(tmp_path / "statement", csv_of_accounts(moves).encode())
    assert [event.account.iban if isinstance(event, Statement) else event.amount_cents for event in events] == [
        1, 4, 7, IBANS[0], 2, 5, IBANS[1], 3, 6, IBANS[2],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["csv", "qif"])
def test_the_order_of_the_lines_is_that_of_the_file_and_the_statement_says_which(tmp_path: Path, name: str) -> None:
    moves = [Move(date(2026, 11, 13), 1), Move(DAY, 2)]
    text = others.meg_csv(moves) if name == "csv" else others.qif(moves)
    first, second, statement = streamed(tmp_path / "statement", text.encode())
    assert [line.amount_cents for line in (first, second) if isinstance(line, StatementLine)] == [1, 2]
    assert isinstance(statement, Statement)
    assert statement.is_newest_first
    (whole,) = read_statements(text.encode(), told=TOLD)
    assert ([line.amount_cents for line in whole.lines], whole.is_newest_first) == ([2, 1], False)


@pytest.mark.parametrize("write", [cfonb, others.mt940, others.camt_of])
def test_a_statement_that_contradicts_itself_never_comes(tmp_path: Path, write: Callable[..., str]) -> None:
    path = tmp_path / "statement"
    path.write_text(write(many(3), gap=1))
    events = stream_statements(path)
    assert [next(events) for _ in range(3)]
    with pytest.raises(UnreadableStatement, match="Écart"):
        next(events)


def test_an_amount_that_the_books_cannot_hold_never_comes(tmp_path: Path) -> None:
    path = tmp_path / "statement"
    path.write_text(others.meg_csv([Move(DAY, 1), Move(DAY, 10**14)]))
    events = stream_statements(path, told=TOLD)
    assert isinstance(next(events), StatementLine)
    with pytest.raises(UnreadableStatement, match="trop grand"):
        next(events)


def peak(path: Path, name: str, count: int, pack: Callable[[Path, bytes], None]) -> int:
    """Bytes at most while the lines are read, once the reader has read another file."""
    pack(path, written(name, many(10)))
    assert list(stream_statements(path, told=TOLD))
    pack(path, written(name, many(count)))
    tracemalloc.start()
    try:
        assert sum(isinstance(event, StatementLine) for event in stream_statements(path, told=TOLD)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def as_zip(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("statement.txt", data)


def as_utf16(path: Path, data: bytes) -> None:
    path.write_bytes(data.decode("latin-1").encode("utf-16"))


# One line of a statement takes some 500 bytes: 5,000 more of them in a list, 2.5 MB.
GROWTH = 300_000


@pytest.mark.parametrize("name", WRITERS)
def test_memory_does_not_grow_with_the_lines(tmp_path: Path, name: str) -> None:
    path = tmp_path / "statement"
    few = peak(path, name, 2_000, Path.write_bytes)
    assert peak(path, name, 7_000, Path.write_bytes) < few + GROWTH


@pytest.mark.parametrize("pack", [as_zip, as_utf16])
def test_memory_does_not_grow_with_an_archive_or_a_file_in_utf16(
    tmp_path: Path, pack: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "statement"
    few = peak(path, "qif", 2_000, pack)
    assert peak(path, "qif", 12_000, pack) < few + GROWTH


def test_a_list_of_the_lines_would_be_seen(tmp_path: Path) -> None:
    def read(count: int) -> int:
        data = written("cfonb120", many(count))
        tracemalloc.start()
        try:
            assert len(read_statements(data)[0].lines) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert read(7_000) > read(2_000) + 4 * GROWTH


@pytest.mark.parametrize("data", [b"<OFX><MEMO>" + b"a" * 300_000 + b"</OFX>", b"!Type:Bank\nP" + b"a" * 300_000])
def test_a_line_or_value_that_no_bank_writes_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableStatement, match="plus de 100000 caractères"):
        read_statements(data, told=TOLD)
