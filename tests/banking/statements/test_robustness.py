"""No bytes whatever raise anything but UnreadableStatement, with words and, where there is one, a place."""

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from banking.statements.account import AccountKey
from banking.statements.detect import read_statements
from banking.statements.statement import Statement, UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements import other_writers as others
from tests.banking.statements.samples import OWN, SHARED
from tests.banking.statements.writers import Move, cfonb, ofx

MOVES = [
    Move(date(2026, 11, 2), -12480, "PRLV ÉDF", "B1", (("NBE", "EDF"), ("MMO", "USD2000000000034990600000918000"))),
    Move(date(2026, 11, 23), 200, "VIR ACME & FILS"),
]
TOLD = Told(account=AccountKey.from_rib("30004", "00123", "00012345678"))
WHOLE = {
    "cfonb120": cfonb(MOVES).encode("latin-1"),
    "ofx": ofx(MOVES).encode("cp1252"),
    "camt053": others.camt_of(MOVES).encode(),
    "mt940": others.mt940(MOVES).encode("cp1252"),
    "qif": others.qif(MOVES).encode("cp1252"),
    "csv": others.meg_sides_csv(MOVES, opening=5).encode("cp1252"),
}
SAMPLES = [*OWN.glob("*"), *(path for path in SHARED.glob("*/*") if path.suffix != ".json")]
SEEDS = [*WHOLE.values(), *(path.read_bytes() for path in sorted(SAMPLES))]
PIECES = [
    b"\x00", b"\xff", b"\n", b"\r", b'"', b";", b",", b"^", b"-", b"<", b"]]>", b"<!--", b"<!DOCTYPE a>", b"&a;",
    b"9" * 400, b":61:", b":86:", b":20:", b"!Type:Bank\n", b"<Ntry>", b"</Stmt>", b"Total;", b"=1+1",
    b"<OFX>", b"</OFX>", b"<STMTRS>", b"<STMTTRN>", b"<!ENTITY", b"<![CDATA[", b"&#55296;", b"04", b"07", b"}",
]  # fmt: skip
FRENCH = re.compile(r"Refusé|Ligne|Opération")


def outcome(data: bytes) -> list[Statement] | UnreadableStatement:
    try:
        return read_statements(data, told=TOLD)
    except UnreadableStatement as refused:
        return refused


def reads_or_refuses(data: bytes) -> list[Statement]:
    statements = outcome(data)
    if isinstance(statements, UnreadableStatement):
        assert FRENCH.search(statements.message)
        assert statements.place is None or statements.place >= 1
        return []
    for statement in statements:
        assert statement.account.key
        assert len(statement.format) <= 12
        assert all(line.label and "\x00" not in line.label + line.detail for line in statement.lines)
    return statements


@pytest.mark.parametrize("format", WHOLE)
def test_the_content_chooses_the_reader(format: str) -> None:
    (statement,) = reads_or_refuses(WHOLE[format])
    assert (statement.format, statement.total_cents) == (format, -12280)


@pytest.mark.parametrize("format", WHOLE)
def test_each_line_says_where_it_stands(format: str) -> None:
    (statement,) = reads_or_refuses(WHOLE[format])
    lines = WHOLE[format].split(b"\n")
    for line, move in zip(statement.lines, MOVES, strict=True):
        here = b"\n".join(lines[line.line_number - 1 : line.line_number + 3])
        assert {-12480: b"DF", 200: b"FILS"}[move.cents] in here


@pytest.mark.parametrize("format", ["camt053", "mt940", "qif", "csv"])
def test_utf16_is_read_as_utf8_is(format: str) -> None:
    encoding = "utf-8" if format == "camt053" else "cp1252"
    text = WHOLE[format].decode(encoding).replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert reads_or_refuses(text.encode("utf-16")) == reads_or_refuses(WHOLE[format])


@given(st.binary(max_size=300))
@example(b"date;libelle;montant\n")
@example(b"<?xml version='1.0' encoding='utf-7'?><Document/>")
@example(b"<?xml version='1.0' encoding='shift_jis'?><Document/>")
@example(b":20:\n:25:")
@example(b"!Type:Bank")
@example(b"<OFX><STMTRS></OFX>")
@example(b"0130004    00123")
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    reads_or_refuses(data)
    reads_or_refuses(b"<OFX>" + data + b"</OFX>")
    for whole in WHOLE.values():
        reads_or_refuses(whole[: len(whole) // 2] + data + whole[len(whole) // 2 :])


@settings(max_examples=400)
@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(st.integers(0), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=6)),
        min_size=1,
        max_size=5,
    ),
)
def test_mutated_files_are_read_or_refused(data: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for start, length, piece in edits:
        at = start % (len(data) + 1)
        data = data[:at] + piece + data[at + length :]
    reads_or_refuses(data)


@settings(max_examples=60)
@given(st.sampled_from(["camt053", "mt940"]), st.integers(0), st.integers(0, 9))
def test_no_figure_changed_in_an_amount_passes_where_balances_are_printed(format: str, at: int, figure: int) -> None:
    """Opening, lines and closing hold one another: one figure changed anywhere in them is seen."""
    data = WHOLE[format]
    amounts = [found.start(1) for found in re.finditer(rb"(?<=[>RDC])[0-9]*?([0-9])[.,][0-9]{2}(?![0-9])", data)]
    place = amounts[at % len(amounts)]
    altered = data[:place] + str(figure).encode() + data[place + 1 :]
    if altered != data:
        assert reads_or_refuses(altered) == []
