from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.statements.account import AccountKey
from banking.statements.qif import stream
from banking.statements.statement import NeedsTelling, UnreadableStatement
from banking.statements.told import Told
from tests.banking.statements.other_writers import END, qif
from tests.banking.statements.reading import gathering
from tests.banking.statements.samples import shared
from tests.banking.statements.writers import Move

read = gathering(stream)
DAY = date(2026, 11, 2)
ACCOUNT = AccountKey.from_rib("30004", "00123", "00012345678")
TOLD = Told(account=ACCOUNT, date_order="dmy")
LABELS = st.text(st.sampled_from("ABCDEFÉÈàç 0123456789*.&^!"), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split()) or "VIR"
)
MOVES = st.lists(
    st.builds(Move, on=st.dates(date(1981, 1, 1), END), cents=st.integers(-(10**11), 10**11), label=LABELS),
    min_size=1,
    max_size=8,
)


def lines_of(text: str, told: Told = TOLD, encoding: str = "utf-8") -> list[tuple[date, int]]:
    return [(line.booked_on, line.amount_cents) for line in read(text.encode(encoding), told)[0].lines]


def refusal(text: str, told: Told = TOLD) -> UnreadableStatement:
    with pytest.raises(UnreadableStatement) as refused:
        read(text.encode(), told)
    return refused.value


@given(MOVES, st.sampled_from(["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y"]), st.sampled_from(["utf-8", "cp1252"]))
def test_what_was_written_is_read_back(moves: list[Move], day: str, encoding: str) -> None:
    moves.sort(key=lambda move: move.on)
    (statement,) = read(qif(moves, day=day).encode(encoding), TOLD)
    assert [(line.booked_on, line.amount_cents, line.label) for line in statement.lines] == [
        (move.on, move.cents, move.label) for move in moves
    ]
    assert (statement.account, statement.currency, statement.format) == (ACCOUNT, "EUR", "qif")
    assert (statement.opening_cents, statement.closing_cents) == (None, None)


@pytest.mark.parametrize(
    ("told", "needs"),
    [
        (Told(), {"account", "date_order"}),
        (Told(account=ACCOUNT), {"date_order"}),
        (Told(date_order="dmy"), {"account"}),
    ],
)
def test_what_the_file_does_not_say_is_asked_for_by_the_name_of_the_option(told: Told, needs: set[str]) -> None:
    refused = refusal(qif([Move(DAY, 5)]), told)
    assert isinstance(refused, NeedsTelling)
    assert refused.needs == needs
    assert ("--account" in refused.message, "--date-order" in refused.message) == (
        "account" in needs,
        "date_order" in needs,
    )


@pytest.mark.parametrize(
    ("text", "day"), [("02/11/2026\n^\nT1\nD25/11/2026", DAY), ("11/02/2026\n^\nT1\nD11/25/2026", DAY)]
)
def test_a_day_over_twelve_proves_the_order(text: str, day: date) -> None:
    assert lines_of(f"!Type:Bank\nT5\nD{text}\n^\n", Told(account=ACCOUNT))[0][0] == day


def test_dates_that_read_alike_both_ways_need_no_order() -> None:
    assert lines_of("!Type:Bank\nD11/11/2026\nT5\n^\nD2026-11-02\nT5\n^\n", Told(account=ACCOUNT))


def test_dates_that_contradict_one_another_are_refused() -> None:
    refused = refusal("!Type:Bank\nD25/11/2026\nT5\n^\nD11/25/2026\nT5\n^\n", Told(account=ACCOUNT))
    assert "date «\u00a011/25/2026\u00a0» contraire" in refused.message
    assert refused.place == 5


def test_a_date_against_the_order_told_is_refused() -> None:
    assert "date «\u00a011/25/2026\u00a0»" in refusal("!Type:Bank\nD11/25/2026\nT5\n^\n").message


@pytest.mark.parametrize(
    ("written", "day"), [("2/11'26", DAY), (" 2/11'26", DAY), ("02.11.26", DAY), ("02/11/98", date(1998, 11, 2))]
)
def test_years_of_two_figures_have_a_pivot_and_quickens_apostrophe(written: str, day: date) -> None:
    assert lines_of(f"!Type:CCard\nD{written}\nT5\n^\n") == [(day, 500)]


@pytest.mark.parametrize(
    ("written", "cents"),
    [("-86,50", -8650), ("2 400,00", 240000), ("1,234.56", 123456), ("−12,00", -1200), ("1\u202f250", 125000)],
)
def test_amounts_are_read_as_they_are_typed(written: str, cents: int) -> None:
    assert lines_of(f"!Type:Bank\nD02/11/2026\nT{written}\n^\n") == [(DAY, cents)]


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("D02/11/2026\nT12,5O\n", "montant «\u00a012,5O\u00a0» illisible"),
        ("D02/11/2026\nT1,234\n", "ambigu"),
        ("D02/11/2026\n", "montant absent"),
        ("T5\n", "date «\u00a0\u00a0» illisible"),
        ("D31/02/2026\nT5\n", "date «\u00a031/02/2026\u00a0» illisible"),
        ("D02/11/2026\nT5\nT6\n", "deux valeurs «\u00a0T\u00a0»"),
        ("D02/11/2026\nT5\nSA\n$3\nSB\n$1\n", "ventilations font 4,00\u00a0€ au lieu de 5,00\u00a0€"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_value_and_its_place(inside: str, words: str) -> None:
    refused = refusal(f"!Type:Bank\n{inside}^\n")
    assert words in refused.message
    assert refused.place == 2


def test_splits_that_add_up_are_one_line() -> None:
    assert lines_of("!Type:Bank\nD02/11/2026\nT5\nSA\nEpart\n$3\nSB\n$2\n^\n") == [(DAY, 500)]


def test_a_cut_operation_is_refused() -> None:
    assert "coupée" in refusal("!Type:Bank\nD02/11/2026\nT5\n").message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("!Type:Invst\nD02/11/2026\nT5\n^\n", "n’est pas un compte bancaire"),
        (qif([Move(DAY, 5)]) * 2, "un second compte"),
        ("!Type:Bank\n", "aucune opération"),
    ],
)
def test_other_accounts_are_refused(text: str, words: str) -> None:
    assert words in refusal(text).message


def test_lists_of_accounts_and_categories_are_passed_over() -> None:
    head = "!Option:AutoSwitch\n!Account\nNCompte\nTBank\n^\n!Type:Cat\nNRepas\n^\n"
    assert lines_of(head + qif([Move(DAY, 5)])) == [(DAY, 5)]


def test_the_french_sample_is_read_once_its_account_and_order_are_told() -> None:
    (statement,) = read(shared("qif/synthetic_fr_bourso.qif"), TOLD)
    assert [line.amount_cents for line in statement.lines] == [-8650, 240000]
    assert statement.lines[1].label == "VIR SEPA ACME SAS é"
