from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from banking.statements.detect import read_statements
from banking.statements.fingerprints import Marked, fingerprinted
from banking.statements.overlap import Period, missing_statements, new_lines
from banking.statements.statement import StatementLine
from tests.banking.statements.other_writers import camt_of, mt940
from tests.banking.statements.writers import Move, cfonb, ofx

DAY = date(2026, 11, 10)
DAYS = [date(2026, 11, day) for day in range(2, 12)]
MOVES = st.lists(
    st.builds(
        Move,
        on=st.sampled_from(DAYS),
        cents=st.sampled_from([-250, -500]),
        label=st.sampled_from(["CB CAFE", "CB PAIN"]),
    ),
    max_size=20,
)


def marked(text: str) -> list[Marked[StatementLine]]:
    """The lines of a file of one account."""
    lines = [(statement, line) for statement in read_statements(text.encode()) for line in statement.lines]
    return list(fingerprinted("", lines))


def held(text: str) -> tuple[dict[str, tuple[date, int]], list[Period]]:
    stored = {mark: (line.booked_on, line.amount_cents) for _, line, mark in marked(text)}
    statements = read_statements(text.encode())
    return stored, [Period(s.format, s.opening_on, s.closing_on, s.closing_cents) for s in statements]


def labels(text: str, before: str) -> list[str]:
    return [line.label for _, line, _ in new_lines(marked(text), *held(before))]


@given(MOVES)
def test_the_same_operations_in_another_format_and_other_words_are_known(moves: list[Move]) -> None:
    reworded = [Move(move.on, move.cents, f"{move.label} FACT 1234") for move in moves]
    assert labels(ofx(reworded), cfonb(moves)) == []
    assert labels(cfonb(moves), ofx(reworded)) == []


@settings(max_examples=25)
@given(MOVES)
def test_the_same_operations_from_a_camt_or_an_mt940_are_known(moves: list[Move]) -> None:
    reworded = [Move(move.on, move.cents, f"{move.label} FACT 1234") for move in moves]
    for write in (camt_of, mt940):
        assert labels(ofx(reworded), write(moves)) == []
        assert labels(write(moves), ofx(reworded)) == []


@given(MOVES, MOVES)
def test_on_covered_days_each_day_and_amount_is_held_as_often_as_the_fuller_file_has_it(
    first: list[Move], second: list[Move]
) -> None:
    held_marks, periods = held(ofx(first))
    added = new_lines(marked(ofx(second)), held_marks, periods)
    for told in {(move.on, move.cents) for move in [*first, *second]}:
        counts = [sum((move.on, move.cents) == told for move in moves) for moves in (first, second)]
        total = counts[0] + sum((line.booked_on, line.amount_cents) == told for _, line, _ in added)
        assert total >= max(counts)


def test_a_second_line_of_the_same_day_and_amount_is_new() -> None:
    one, two = Move(DAY, -250, "CB CAFE"), Move(DAY, -250, "CB PAIN")
    assert labels(ofx([one, two]), ofx([one])) == ["CB PAIN"]
    assert labels(ofx([one, one]), ofx([one])) == ["CB CAFE"]


def test_the_last_day_of_a_download_is_not_over() -> None:
    before = ofx([Move(DAY, -250, "CB CAFE")], end=DAY)
    assert labels(ofx([Move(DAY, -250, "CB PAIN")], start=DAY), before) == ["CB PAIN"]


def test_a_late_line_of_the_next_cfonb_statement_is_new() -> None:
    before = cfonb([Move(DAY, -250, "CB CAFE")], closing_on=DAY)
    after = cfonb([Move(DAY, -250, "CB PAIN")], opening=-250, opening_on=DAY, closing_on=date(2026, 11, 12))
    assert labels(after, before) == ["CB PAIN"]
    later = cfonb([Move(DAYS[0], -250, "CB PAIN")], opening_on=DAY, closing_on=date(2026, 11, 12))
    assert labels(later, cfonb([Move(DAYS[0], -250, "CB CAFE")], closing_on=DAY)) == ["CB PAIN"]


def test_a_statement_that_is_missing_is_told_by_its_balances() -> None:
    august = cfonb([], opening=10_000, opening_on=DAYS[0], closing_on=DAYS[1])
    october = cfonb([], opening=11_000, opening_on=DAYS[3], closing_on=DAYS[4])
    (gap,) = missing_statements(read_statements((october + august).encode()), [])
    assert gap == (
        "Les soldes ne se suivent pas\u00a0: 100,00\u00a0€ au 03/11/2026, puis 110,00\u00a0€ au 05/11/2026. "
        "Un relevé manque."
    )
    _, periods = held(august)
    assert missing_statements(read_statements(october.encode()), periods) == [gap]
    assert missing_statements(read_statements((august + october.replace("1100{", "1000{")).encode()), []) == []
    assert missing_statements(read_statements(ofx([]).encode()), periods) == []


@given(MOVES, MOVES)
def test_a_file_read_day_by_day_adds_what_it_adds_whole(first: list[Move], second: list[Move]) -> None:
    held_marks, periods = held(ofx(first))
    lines = marked(cfonb(sorted(second, key=lambda move: move.on)))
    by_day = [
        new
        for day in DAYS
        for new in new_lines(
            [one for one in lines if one[1].booked_on == day],
            {mark: told for mark, told in held_marks.items() if told[0] == day},
            periods,
        )
    ]
    assert by_day == new_lines(lines, held_marks, periods)


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), max_size=6))
def test_the_balance_before_a_statement_is_the_last_that_was_closed(drawn: list[tuple[date, int, int, int]]) -> None:
    made = [
        cfonb([], opening=100 * opening, opening_on=day, closing_on=day + timedelta(days=length))
        for day, length, opening, _ in drawn
    ]
    statements = [
        replace(read_statements(text.encode())[0], closing_cents=100 * closing)
        for text, (_, _, _, closing) in zip(made, drawn, strict=True)
    ]
    gaps = 0
    for one in statements:
        earlier = [other for other in statements if other is not one and other.closing_on <= one.opening_on]
        before = max(earlier, key=lambda other: (other.closing_on, other.opening_on), default=None)
        gaps += before is not None and before.closing_cents != one.opening_cents
    if len({(one.closing_on, one.opening_on) for one in statements}) == len(statements):
        assert len(missing_statements(statements, [])) == gaps
