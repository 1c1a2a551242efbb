from dataclasses import replace
from datetime import date, timedelta

import pytest

from banking.matching.case import read_case
from banking.matching.engine import match
from banking.matching.facts import Memory, Policy, Reason
from tests.banking.matching.made import DAY, a_line, an_invoice, pairs


def test_a_unique_pair_with_the_suppliers_name_is_matched_by_itself() -> None:
    assert pairs(match([an_invoice()], [a_line()]), "auto") == [("i1", "t1")]


def test_a_number_in_the_label_is_enough_where_the_name_is_another() -> None:
    line = a_line(label="VIR SEPA AFFACTURAGE FA006834")
    assert pairs(match([an_invoice(number="FA006834")], [line]), "auto") == [("i1", "t1")]


def test_amount_and_date_without_a_name_are_a_suggestion() -> None:
    decisions = match([an_invoice()], [a_line(label="CHEQUE 0012452")])
    assert (pairs(decisions, "auto"), pairs(decisions, "suggested")) == ([], [("i1", "t1")])


def test_the_same_amount_at_another_supplier_the_same_day_is_never_automatic() -> None:
    assert not pairs(match([an_invoice()], [a_line(label="CB KILOUTOU LILLE 190819")]), "auto")


def test_a_cent_more_is_no_match() -> None:
    assert match([an_invoice()], [a_line(cents=-174_355)]) == []


@pytest.mark.parametrize(("invoice_cents", "line_cents"), [(1234, 1234), (-1234, -1234)])
def test_money_that_flows_the_wrong_way_is_no_match(invoice_cents: int, line_cents: int) -> None:
    assert match([an_invoice(cents=invoice_cents)], [a_line(cents=line_cents)]) == []


def test_a_credit_note_is_matched_with_the_money_that_came_back() -> None:
    assert pairs(match([an_invoice(cents=-1234)], [a_line(cents=1234)]), "auto") == [("i1", "t1")]


@pytest.mark.parametrize(("days", "is_found"), [(-13, False), (-12, True), (130, True), (131, False)])
def test_the_window_runs_from_twelve_days_before_to_a_hundred_and_thirty_after(days: int, is_found: bool) -> None:
    line = a_line(label="VIR BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=days))
    decisions = match([an_invoice(due_on=DAY + timedelta(days=days))], [line])
    assert bool(decisions) is is_found


def test_a_foreign_invoice_is_matched_with_its_amount_in_the_label() -> None:
    invoice = an_invoice(cents=3130, currency="USD", supplier="Mailjet")
    line = a_line(cents=-2798, label="CB MAILJET 190819 31,30 USD")
    assert pairs(match([invoice], [line]), "auto") == [("i1", "t1")]


def test_two_lines_of_the_same_name_and_amount_are_suggestions_best_first() -> None:
    lines = [a_line(label="PRLV MARTIN"), a_line(id="t2", label="PRLV MARTIN", booked_on=DAY + timedelta(days=6))]
    decisions = match([an_invoice(supplier="Martin")], lines)
    assert (pairs(decisions, "auto"), len(pairs(decisions, "suggested"))) == ([], 2)


def test_a_suspected_duplicate_is_suggested_and_not_matched() -> None:
    decisions = match([an_invoice(vetoes=frozenset({"duplicate"}))], [a_line()])
    assert (pairs(decisions, "auto"), pairs(decisions, "suggested")) == ([], [("i1", "t1")])


def test_a_card_or_an_account_that_contradicts_forbids_the_machine() -> None:
    other_card = an_invoice(method_last_four="1234")
    assert not pairs(match([other_card], [a_line(label="CARTE X9999 BOULANGERIE MARTIN 190819")]), "auto")
    assert not pairs(match([an_invoice(account_keys=frozenset({"a2"}))], [a_line()]), "auto")


def test_a_card_that_the_bank_tells_by_three_digits_agrees_or_contradicts() -> None:
    line = a_line(label="ACHAT CB BOULANGERIE MARTIN 19.08.19 CARTE NO 766")
    assert pairs(match([an_invoice(method_last_four="8766")], [line]), "auto")
    assert not pairs(match([an_invoice(method_last_four="8046")], [line]), "auto")


def test_a_card_purchase_that_is_repeated_is_matched_only_where_its_label_tells_the_very_day() -> None:
    invoices = [an_invoice(), an_invoice(id="i2", issued_on=DAY + timedelta(days=60))]
    told, a_day_later, untold = "CB BOULANGERIE MARTIN 1810", "CB BOULANGERIE MARTIN 1910", "CB BOULANGERIE MARTIN"
    for label, found in ((told, [("i2", "t2")]), (a_day_later, []), (untold, [])):
        lines = [
            a_line(label="CB BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=12)),
            a_line(id="t2", label=label, booked_on=DAY + timedelta(days=62)),
        ]
        assert pairs(match(invoices, lines), "auto") == found


@pytest.mark.parametrize(("day", "state"), [("18", "auto"), ("20", "auto"), ("17", "suggested"), ("21", "suggested")])
def test_a_card_whose_label_tells_another_day_than_the_receipt_is_left_to_a_person(day: str, state: str) -> None:
    line = a_line(label=f"CB BOULANGERIE MARTIN {day}0819", booked_on=DAY + timedelta(days=3))
    (decision,) = match([an_invoice()], [line])
    assert decision.state == state
    assert (Reason("not_auto_bought") in decision.reasons) is (state == "suggested")


@pytest.mark.parametrize("label", ["CB BOULANGERIE MARTIN", "BOULANGERIE MARTIN"])
def test_what_is_paid_at_once_and_posts_after_a_week_is_left_to_a_person(label: str) -> None:
    def state(days: int, label: str = label, **given) -> str:
        (decision,) = match([an_invoice(**given)], [a_line(label=label, booked_on=DAY + timedelta(days=days))])
        return decision.state

    assert [state(5), state(6)] == ["auto", "suggested"]
    assert state(6, f"{label} FA006834", number="FA006834") == "auto"
    assert state(6, "VIR BOULANGERIE MARTIN") == "auto"


def test_a_line_far_from_the_due_date_is_another_months_where_its_supplier_asks_for_as_much_again() -> None:
    def found(due_in: int) -> list[tuple[str, str]]:
        invoices = [an_invoice(), an_invoice(id="i2", issued_on=DAY + timedelta(days=60))]
        invoices = [replace(i, due_on=i.issued_on + timedelta(days=due_in)) for i in invoices]
        days = (2, 62)
        lines = [a_line(id=f"t{n}", label="VIR BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=n)) for n in days]
        return sorted(pairs(match(invoices, lines), "auto"))

    assert found(12) == [("i1", "t2"), ("i2", "t62")]
    assert found(13) == []


def test_a_card_of_a_series_is_told_by_its_day_alone_however_late_the_others_were() -> None:
    lags = Memory(lags={SERIES: frozenset({2})})
    line = a_line(label="CB BOULANGERIE MARTIN 190819")
    assert pairs(match([an_invoice()], [line], lags), "auto")
    for label in ("CB BOULANGERIE MARTIN 180819", "CB BOULANGERIE MARTIN"):
        (decision,) = match([an_invoice()], [replace(line, label=label)], lags)
        assert decision.state == "suggested"


def test_an_account_that_is_unknown_does_not_hinder() -> None:
    assert pairs(match([an_invoice(account_keys=frozenset())], [a_line()]), "auto")


def test_the_policy_may_switch_the_machine_off_or_cap_it() -> None:
    assert not pairs(match([an_invoice()], [a_line()], policy=Policy(accounts_without_auto=frozenset({"a1"}))), "auto")
    assert not pairs(match([an_invoice()], [a_line()], policy=Policy(caps_cents={"a1": 100_000})), "auto")


def test_a_refused_pair_is_never_proposed_again() -> None:
    assert match([an_invoice()], [a_line()], Memory(refused=frozenset({("i1", "t1")}))) == []


def test_a_learnt_alias_names_the_supplier() -> None:
    line = a_line(label="CB LEVAIN SAS 190819")
    memory = Memory(aliases={"LEVAIN SAS": an_invoice().supplier_key})
    assert pairs(match([an_invoice()], [line], memory), "auto") == [("i1", "t1")]


def test_a_document_that_has_no_supplier_yet_is_left_to_a_person() -> None:
    (decision,) = match([an_invoice(supplier="", supplier_key="")], [a_line()])
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_unnamed")


def test_documents_that_have_no_supplier_yet_make_no_sum() -> None:
    invoices = [
        an_invoice(id=f"i{n}", supplier="", supplier_key="", cents=cents, number=f"FA00683{n}")
        for n, cents in enumerate((12_317, 8_841))
    ]
    assert match(invoices, [a_line(cents=-21_158, label="VIR BOULANGERIE MARTIN FA006830")]) == []


def test_any_of_a_suppliers_names_tells_it_and_the_one_that_is_told_is_said() -> None:
    invoice = an_invoice(supplier="Holding du Fournil", other_names=("Garage Beaurivage", "Boulangerie Martin"))
    (decision,) = match([invoice], [a_line()])
    assert decision.state == "auto"
    assert Reason("name", {"name": "BOULANGERIE MARTIN"}) in decision.reasons
    assert decision.record["features"]["name"] == 1.0


def test_a_rejected_and_repeated_debit_is_left_to_a_person() -> None:
    lines = [
        a_line(label="PRLV SEPA KILOUTOU"),
        a_line(id="t2", label="REJET PRLV KILOUTOU", cents=174_354, booked_on=DAY + timedelta(days=4)),
        a_line(id="t3", label="PRLV SEPA KILOUTOU", booked_on=DAY + timedelta(days=15)),
    ]
    assert not pairs(match([an_invoice(supplier="Kiloutou", due_on=DAY + timedelta(days=2))], lines), "auto")


def monthly(count: int, lag: int, missing_lines: tuple[int, ...] = (), missing_documents: tuple[int, ...] = ()):
    months = [DAY + timedelta(days=30 * month) for month in range(count)]
    invoices = [
        an_invoice(id=f"i{m}", issued_on=on, supplier="Grenke")
        for m, on in enumerate(months)
        if m not in missing_documents
    ]
    lines = [
        a_line(id=f"t{m}", booked_on=on + timedelta(days=lag), label="PRLV SEPA GRENKE")
        for m, on in enumerate(months)
        if m not in missing_lines
    ]
    return invoices, lines


def test_identical_monthly_amounts_pair_by_date_when_documents_are_as_many_as_lines() -> None:
    found = pairs(match(*monthly(5, lag=3)), "auto")
    assert sorted(found) == [(f"i{m}", f"t{m}") for m in range(5)]


@pytest.mark.parametrize("lag", [1, 5, 14, 28])
def test_a_month_without_its_line_never_takes_the_line_of_the_next(lag: int) -> None:
    for missing_lines, missing_documents in (
        ((0,), (4,)),
        ((4,), (0,)),
        ((2,), (4,)),
        ((0,), ()),
        ((), (2,)),
        ((1,), (2,)),
    ):
        found = pairs(match(*monthly(5, lag, missing_lines, missing_documents)), "auto")
        assert all(invoice[1:] == line[1:] for invoice, line in found)


def test_alike_documents_of_one_day_pair_with_as_many_lines() -> None:
    invoices = [an_invoice(id=f"i{n}", cents=390) for n in range(3)]
    lines = [a_line(id=f"t{n}", cents=-390) for n in range(3)]
    assert len(pairs(match(invoices, lines), "auto")) == 3
    assert not pairs(match(invoices, lines[:2]), "auto")


def test_a_line_has_at_most_three_suggestions() -> None:
    invoices = [replace(an_invoice(), id=f"i{n}", issued_on=DAY - timedelta(days=n)) for n in range(6)]
    assert len(pairs(match(invoices, [a_line(label="CHEQUE 123")]), "suggested")) == 3


def late(days: int, lags: dict) -> list:
    """A document and a debit some days later, of an amount that its supplier was paid before."""
    line = a_line(label="PRLV SEPA BOULANGERIE MARTIN", booked_on=DAY + timedelta(days=days))
    return match([an_invoice()], [line], Memory(lags=lags))


SERIES = ("BOULANGERIE MARTIN", 174_354)


def test_a_month_of_a_series_that_was_matched_before_never_takes_the_next_ones_line() -> None:
    assert pairs(late(31, {}), "auto")
    (decision,) = late(31, {SERIES: frozenset({1})})
    assert (decision.state, decision.reasons[-1].code) == ("suggested", "not_auto_series")


def test_a_series_that_is_always_paid_as_late_is_still_matched() -> None:
    assert pairs(late(31, {SERIES: frozenset({28})}), "auto")
    assert pairs(late(2, {SERIES: frozenset({28})}), "auto")
    assert pairs(late(31, {("BOULANGERIE MARTIN", 1): frozenset({1})}), "auto")


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("label", ["CB BOULANGERIE MARTIN 19/08", "VIR BOULANGERIE MARTIN", "VIR REMISE 2 OPERATIONS"])
def test_the_first_and_the_last_day_there_are_break_nothing(day: date, label: str) -> None:
    invoices = [
        an_invoice(issued_on=day, due_on=day),
        an_invoice(id="i2", issued_on=day, cents=100),
        an_invoice(id="i3"),
    ]
    lines = [a_line(booked_on=day, label=label), a_line(id="t2", booked_on=day, cents=-174_454, label=label)]
    assert {"i1", "i2"} >= {i for i, _ in pairs(match(invoices, lines), "auto")}


def test_hundreds_of_alike_purchases_are_left_to_a_person_without_following_them_all(monkeypatch) -> None:
    invoices = [an_invoice(id=f"i{n}") for n in range(6)]
    lines = [a_line(id=f"t{n}") for n in range(6)]
    assert len(pairs(match(invoices, lines), "auto")) == 6
    monkeypatch.setattr("banking.matching.decision.MOST_ALIKE", 35)
    assert pairs(match(invoices, lines), "auto") == []


def test_of_many_alike_pairs_only_the_first_ones_of_each_end_are_looked_at(monkeypatch) -> None:
    invoices, lines = [an_invoice(id=f"i{n}") for n in range(6)], [a_line(id=f"t{n}") for n in range(6)]
    monkeypatch.setattr("banking.matching.board.ALIKE", 2)
    board = read_case(invoices, lines, Memory(), Policy()).board()
    assert len(board.rows) == 36
    assert {pair.ends[0] for pair in board.proven} == {invoice.id for invoice in invoices}
    assert len(board.proven) <= 2 * (len(invoices) + len(lines))


def test_more_lines_of_one_amount_than_are_weighed_leave_the_rest_unmatched(monkeypatch) -> None:
    lines = [a_line(id=f"t{n}") for n in range(6)]
    monkeypatch.setattr("banking.matching.blocking.MOST_LINES", 4)
    assert len(read_case([an_invoice()], lines, Memory(), Policy()).board().rows) == 4
