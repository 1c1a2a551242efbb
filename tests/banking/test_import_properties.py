"""Any history, cut in any overlapping files and brought in any order: each line once, and true twins kept."""

from collections import Counter
from datetime import date, timedelta

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from banking.imports.importing import read_import
from banking.imports.withdrawing import withdraw_import
from banking.models import ImportState
from firms.models import Company
from tests.banking.imports.test_importing import bring
from tests.banking.statements.writers import Move, cfonb, ofx
from tests.factories.firms import CompanyFactory, member_of

FIRST = date(2026, 10, 1)
DAYS = 12
moves = st.lists(
    st.builds(
        Move,
        on=st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n)),
        cents=st.sampled_from([-250, -250, -1_000, 4_000]),
        label=st.sampled_from(["CB CAFE", "VIR ACME"]),
    ),
    max_size=25,
).map(lambda found: sorted(found, key=lambda move: (move.on, move.label, move.cents)))
# Whole days, of which each file holds some that follow; together they hold them all.
cuts = st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(1, DAYS)), max_size=5)


def periods(cuts: list[tuple[int, int]]) -> list[tuple[date, date]]:
    """Each cut as its first and last day, with what is needed to leave no day out."""
    found = [(start, min(start + length, DAYS) - 1) for start, length in cuts]
    covered = {day for first, last in found for day in range(first, last + 1)}
    left = [day for day in range(DAYS) if day not in covered]
    found += [(day, day) for day in left]
    return [(FIRST + timedelta(days=first), FIRST + timedelta(days=last)) for first, last in found]


def counted(company: Company) -> Counter:
    rows = company.bank_transactions.values_list("booked_on", "amount", "label")
    return Counter((day, int(amount * 100), label) for day, amount, label in rows)


def expected(history: list[Move]) -> Counter:
    return Counter((move.on, move.cents, move.label) for move in history)


class Overlaps(TestCase):
    @settings(max_examples=10)
    @given(history=moves, cuts=cuts, data=st.data())
    def test_cfonb_files_that_overlap_in_any_order_give_each_line_once(self, history, cuts, data):
        company = CompanyFactory.create()
        for first, last in data.draw(st.permutations(periods(cuts))):
            opening = sum(move.cents for move in history if move.on < first)
            inside = [move for move in history if first <= move.on <= last]
            before = first - timedelta(days=1)
            bring(company, cfonb(inside, opening=opening, opening_on=before, closing_on=last))
        assert counted(company) == expected(history)
        account = company.bank_accounts.get()
        assert (account.discrepancy, account.right_until) == (None, FIRST + timedelta(days=DAYS - 1))

    @settings(max_examples=10)
    @given(history=moves, cuts=cuts, data=st.data())
    def test_ofx_and_cfonb_files_together_give_each_line_once(self, history, cuts, data):
        company = CompanyFactory.create()
        for first, last in data.draw(st.permutations(periods(cuts))):
            inside = [move for move in history if first <= move.on <= last]
            bring(company, ofx(inside, start=first, end=last))
        for _ in range(2):
            bring(
                company, cfonb(history, opening_on=FIRST - timedelta(days=1), closing_on=FIRST + timedelta(days=DAYS))
            )
        assert counted(company) == expected(history)

    @settings(max_examples=8)
    @given(history=moves, withdrawn=st.integers(0, 2))
    def test_an_import_taken_back_and_brought_again_changes_nothing(self, history, withdrawn):
        company = CompanyFactory.create()
        middle = FIRST + timedelta(days=DAYS // 2)
        halves = [
            ofx([move for move in history if move.on <= middle], start=FIRST, end=middle),
            ofx([move for move in history if move.on >= middle], start=middle, end=FIRST + timedelta(days=DAYS)),
            ofx(history, start=FIRST, end=FIRST + timedelta(days=DAYS)),
        ]
        brought = [bring(company, text) for text in halves]
        withdraw_import(company=company, import_id=brought[withdrawn].pk, by=member_of(company), at=timezone.now())
        for row in company.statement_imports.filter(state=ImportState.WAITING):
            read_import(import_id=row.pk, at=timezone.now())
        bring(company, halves[withdrawn])
        assert counted(company) == expected(history)
