"""A sheet that goes out and comes back, that no spreadsheet runs, and that says which of its lines is wrong."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dext_connector.rules.sheets import HEADS, SheetLine, SheetUnreadable, bare, guarded, read_sheet, write_sheet

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.lists(CELLS, min_size=len(HEADS), max_size=len(HEADS)), max_size=5))
def test_what_goes_out_comes_back(rows: list[list[str]]):
    read = read_sheet(write_sheet(rows))
    kept = [row for row in rows if any(guarded(cell).strip() for cell in row)]
    assert [(line.key, line.new) for line in read] == [
        (bare(guarded(row[0]).strip()), bare(guarded(row[3]).strip())) for row in kept
    ]


@given(CELLS)
def test_no_cell_begins_as_a_formula(cell: str):
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert bare(guarded(cell)) == cell


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(data: bytes):
    with suppress(SheetUnreadable):
        assert all(isinstance(line, SheetLine) for line in read_sheet(data))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_sheets_of_every_excel_are_read(delimiter: str, coding: str):
    text = delimiter.join(["IDENTIFIANT", "Payé d’avance", "nouveau compte"]) + "\r\n" + delimiter.join("abc")
    assert read_sheet(text.encode(coding)) == [SheetLine(2, "a", "c")]


def test_a_line_is_numbered_as_in_the_file_even_after_a_cell_on_two_lines():
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADS, ["1", "sur\ndeux"], [], ["2"]])
    assert [line.number for line in read_sheet(text.getvalue().encode())] == [2, 5]


def test_a_sheet_without_its_columns_is_refused():
    with pytest.raises(SheetUnreadable, match="Nouveau compte"):
        read_sheet(b"Identifiant;Autre\n1;2")
