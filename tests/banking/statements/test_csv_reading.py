from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.account import AccountKey
from banking.statements.csv_reading import read_csv
from banking.statements.statement import NeedsTelling, Statement, UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements.other_writers import END, comma, meg_csv, meg_sides_csv
from tests.banking.statements.writers import Move

DAY = date(2026, 11, 2)
TOLD = Told(account=AccountKey.from_rib("30004", "00123", "00012345678"))
LABELS = st.text(st.sampled_from("ABCDEFÉÈàç 0123456789*.&;\"'\n"), min_size=1, max_size=60).map(str.strip).filter(bool)
MOVES = st.lists(
    st.builds(Move, on=st.dates(DAY, END), cents=st.integers(-(10**11), 10**11).filter(bool), label=LABELS),
    min_size=1,
    max_size=8,
)


def one(text: str, told: Told = TOLD) -> Statement:
    (statement,) = read_csv(text.encode(), told=told)
    return statement


def refusal(text: str | bytes, told: Told = TOLD) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read_csv(text.encode() if isinstance(text, str) else text, told=told)
    return refused.value


@given(
    MOVES,
    st.sampled_from(["", " ", "\u00a0"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16", "utf-16-le"]),
)
def test_megs_own_layout_is_read_back_in_any_encoding(
    moves: list[Move], thousands: str, eol: str, encoding: str
) -> None:
    moves.sort(key=lambda move: move.on)
    (statement,) = read_csv(meg_csv(moves, thousands=thousands, eol=eol).encode(encoding), told=TOLD)
    assert [(line.booked_on, line.amount_cents, line.label) for line in statement.lines] == [
        (move.on, move.cents, " ".join(move.label.split())) for move in moves
    ]
    assert (statement.currency, statement.format, statement.account) == ("EUR", "csv", TOLD.account)


@given(MOVES, st.integers(-(10**10), 10**10), st.booleans())
def test_balances_after_each_line_give_both_ends_in_either_order(
    moves: list[Move], opening: int, newest_first: bool
) -> None:
    statement = one(meg_sides_csv(moves, opening=opening, newest_first=newest_first))
    assert statement.total_cents == sum(move.cents for move in moves)
    if len({opening, *(move.cents for move in moves)}) > len(moves):
        assert (statement.opening_cents, statement.closing_cents) == (opening, opening + statement.total_cents)


def test_a_balance_that_does_not_follow_is_refused_at_its_line() -> None:
    text = meg_sides_csv([Move(DAY, 100), Move(DAY, -3710), Move(DAY, 50)], opening=0)
    refused = refusal(text.replace("-36,10", "-36,00"))
    assert "1,00 − 37,10 = −36,10, mais le fichier annonce −36,00" in refused.message
    assert refused.place == 3


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_line_taken_out_is_seen_by_the_balances(newest_first: bool) -> None:
    text = meg_sides_csv([Move(DAY, 100), Move(DAY, -300), Move(DAY, 50)], opening=0, newest_first=newest_first)
    lines = text.splitlines(keepends=True)
    assert "Écart" in refusal("".join([*lines[:2], *lines[3:]])).message


def test_lines_are_given_oldest_first() -> None:
    moves = [Move(date(2026, 11, 9), 1), Move(DAY, 2)]
    assert [line.amount_cents for line in one(meg_csv(moves)).lines] == [2, 1]


def test_a_label_on_several_lines_is_one_label_and_a_detail_of_pieces() -> None:
    (line,) = one(meg_csv([Move(DAY, 5, "PRELEVEMENT\nEDF FACTURE 1020\n\nMM9760")], eol="\n")).lines
    assert line.label == "PRELEVEMENT EDF FACTURE 1020 MM9760"
    assert line.detail.splitlines() == ["PRELEVEMENT", "EDF FACTURE 1020", "MM9760"]


def test_the_account_is_asked_for_where_nothing_names_it() -> None:
    refused = refusal(meg_csv([Move(DAY, 5)]), Told())
    assert isinstance(refused, NeedsTelling)
    assert (refused.needs, "--account" in refused.message) == ({"account"}, True)


ROWS = "date;libellé;débit;crédit\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("02/11/2026;X;12,5O;", "montant «\u00a012,5O\u00a0» illisible"),
        ("02/11/2026;X;86.50;", "montant «\u00a086.50\u00a0» illisible"),
        ("02/11/2026;X;;", "ni débit ni crédit"),
        ("02/11/2026;X;1,00;2,00", "un débit et un crédit"),
        ("02/11/2026;X;-1,00;", "de signe contraire"),
        ("11/25/2026;X;1,00;", "date «\u00a011/25/2026\u00a0» illisible, jj/mm/aaaa attendu"),
        (";X;1,00;", "date absente"),
        ("02/11/2026;X;Y;1,00;2,00", "5 cases pour 4 colonnes"),
        ('02/11/2026;"X;1,00;', "guillemets"),
        ("une note", "ni date ni montant"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_value_and_its_place(row: str, words: str) -> None:
    refused = refusal(f"{ROWS}02/11/2026;A;1,00;\n{row}\n")
    assert words in refused.message
    assert refused.place == 3
    assert "Téléchargez" in refused.message


@pytest.mark.parametrize(
    "end", ["Total;;1,00;\n", "\n;;;\nNombre d'opérations : 1\n", "\nLes soldes sont indicatifs.\n"]
)
def test_reading_stops_at_the_total_and_passes_notes_over(end: str) -> None:
    assert len(one(f"{ROWS}02/11/2026;A;1,00;\n{end}").lines) == 1


def test_an_operation_below_the_total_is_refused_and_one_below_a_blank_is_read() -> None:
    assert "après le total" in refusal(f"{ROWS}02/11/2026;A;1,00;\nTotal;;1,00;\n03/11/2026;B;2,00;\n").message
    assert len(one(f"{ROWS}02/11/2026;A;1,00;\n\n03/11/2026;B;2,00;\n").lines) == 2


def test_a_supplier_called_total_is_an_operation() -> None:
    assert len(one(f"{ROWS}02/11/2026;TOTAL ENERGIES;1,00;\n03/11/2026;TOTAL;2,00;\n").lines) == 2


def test_a_card_debited_later_is_not_the_account() -> None:
    text = f"{ROWS}02/11/2026;A;1,00;\n\nCarte X4912 encours débité le 30/11/2026\n03/11/2026;B;2,00;\n"
    assert "carte à débit différé" in refusal(text).message


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda text: text.replace(";", "\t"), lambda text: text.replace(";", ","), lambda text: f"\n\n{text}"],
)
def test_the_header_is_known_whatever_its_case_separator_and_place(change: Callable[[str], str]) -> None:
    assert len(one(change("date;libellé;débit;crédit\n02/11/2026;X;1;\n")).lines) == 1


def test_a_zero_character_is_refused_with_its_line() -> None:
    assert refusal(meg_csv([Move(DAY, 5)]).encode() + b"\x00").place == 3


def test_an_account_of_another_currency_is_told() -> None:
    told = Told(account=TOLD.account, currency="XPF")
    statement = one("date;libellé;montant\n02/11/2026;X;-1 250\n", told)
    assert (statement.currency, statement.total_cents) == ("XPF", -1250)
    assert "plus fin" in refusal(f"date;libellé;montant\n02/11/2026;X;{comma(1250)}\n", told).message
