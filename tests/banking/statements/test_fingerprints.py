from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from banking.statements.detect import read_statements
from banking.statements.fingerprints import Content, fingerprinted
from banking.statements.statement import Statement, StatementLine
from tests.banking.statements.writers import Move, cfonb, ofx

DAYS = [date(2026, 11, day) for day in range(1, 11)]
# Few days, amounts and labels, so that twins are common.
MOVES = st.lists(
    st.builds(
        Move,
        on=st.sampled_from(DAYS),
        cents=st.sampled_from([-250, -500]),
        label=st.sampled_from(["CB CAFE", "CB PAIN"]),
    ),
    max_size=25,
)


def marks(text: str, account: str = "") -> list[str]:
    """Of each line, by what names its account; a statement that is there twice counts once."""
    by_account: dict[str, list[tuple[Statement, StatementLine]]] = {}
    for statement in without_repeats(read_statements(text.encode())):
        lines = by_account.setdefault(account or statement.account.key, [])
        lines += [(statement, line) for line in statement.lines]
    return [mark for key, lines in by_account.items() for _, _, mark in fingerprinted(key, lines)]


def without_repeats(statements: list[Statement]) -> list[Statement]:
    return list({identity(one): one for one in reversed(statements)}.values())[::-1]


def identity(statement: Statement) -> tuple[object, ...]:
    content = Content()
    for line in statement.lines:
        content.add(line)
    return content.identity(statement.account.key, statement)


@given(MOVES)
def test_every_line_of_a_file_has_a_mark_of_its_own_and_always_the_same(moves: list[Move]) -> None:
    assert len(set(marks(ofx(moves)))) == len(moves)
    assert marks(ofx(moves)) == marks(ofx(moves))


@given(MOVES, st.integers(0, 9), st.integers(0, 9))
def test_files_that_overlap_by_whole_days_give_each_line_once(moves: list[Move], start: int, end: int) -> None:
    moves = sorted(moves, key=lambda move: move.on)
    first = [move for move in moves if move.on <= DAYS[end]]
    second = [move for move in moves if move.on >= DAYS[start]]
    both = set(marks(ofx(first))) | set(marks(ofx(second)))
    expected = Counter(first) | Counter(second)
    assert len(both) == sum(expected.values())


@given(MOVES)
def test_identifiers_that_change_between_downloads_double_nothing(moves: list[Move]) -> None:
    renamed = [replace(move, fitid=f"AUTRE-{rank}") for rank, move in enumerate(moves)]
    assert set(marks(ofx(moves))) == set(marks(ofx(renamed)))


def test_an_identifier_used_twice_drops_nothing() -> None:
    assert (
        len(
            set(
                marks(
                    ofx(
                        [Move(DAYS[0], -250, fitid="7"), Move(DAYS[1], -250, fitid="7"), Move(DAYS[1], -250, fitid="7")]
                    )
                )
            )
        )
        == 3
    )


def test_one_account_is_one_in_every_form() -> None:
    moves = [Move(DAYS[0], -250, "CB CAFE"), Move(DAYS[0], -250, "CB CAFE")]
    as_iban = "<ACCTID>FR7630004001230001234567843"
    assert marks(cfonb(moves)) == marks(ofx(moves)) == marks(ofx(moves, account=as_iban))
    assert not set(marks(cfonb(moves))) & set(marks(cfonb(moves, number="00099999999")))


def test_accents_case_and_blanks_of_a_label_do_not_count() -> None:
    assert marks(ofx([Move(DAYS[0], -250, "Électricité  de  France")])) == marks(
        ofx([Move(DAYS[0], -250, "ELECTRICITE DE FRANCE")])
    )


def test_twins_of_two_statements_of_one_day_are_both_kept() -> None:
    one = cfonb([Move(DAYS[1], -250)], opening=1000, opening_on=DAYS[0], closing_on=DAYS[1])
    two = cfonb([Move(DAYS[1], -250)], opening=750, opening_on=DAYS[1], closing_on=DAYS[2])
    assert len(set(marks(one + two))) == 2


def test_a_statement_pasted_twice_into_one_file_counts_once() -> None:
    text = cfonb([Move(DAYS[1], -250), Move(DAYS[1], -250)], opening=1000)
    assert len(marks(text + text)) == 2


def test_the_caller_may_know_the_account_better_than_the_file() -> None:
    bare, whole = "<BANKID>30004<ACCTID>00012345678", ofx([Move(DAYS[0], -250)])
    assert marks(ofx([Move(DAYS[0], -250)], account=bare), "30004-00123-00012345678") == marks(whole)


def test_fingerprints_are_those_that_are_stored() -> None:
    """What a change of folding, of order or of separator would double in every company."""
    assert marks(ofx([Move(DAYS[0], -250, "CB  Café Œuvre №1"), Move(DAYS[0], -250, "cb cafe Œuvre no1")])) == [
        "bb5b50f0a2c4213b2e84b1f7a772ad44539e4a6173e5bab940f9879d85fcd749",
        "c479d8f0f9ec69ed252fe7dbd49197a87a9a2ff64246b5fe64db3afb3f00b667",
    ]


@given(MOVES)
def test_the_marks_of_a_file_are_those_of_its_days_one_by_one(moves: list[Move]) -> None:
    days = [[move for move in moves if move.on == day] for day in DAYS]
    assert set(marks(ofx(moves))) == {mark for day in days for mark in marks(ofx(day))}


@given(MOVES, MOVES)
def test_two_statements_are_one_only_where_their_lines_are_the_same(first: list[Move], second: list[Move]) -> None:
    one, other = (read_statements(ofx(moves).encode())[0] for moves in (first, second))
    assert (identity(one) == identity(other)) == (first == second)
